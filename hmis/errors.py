from django.shortcuts import render


def form_expired(request, reason=""):
    """The page for a form whose CSRF token is not good any more, after a new log-in for instance."""
    return render(request, "form_expired.html", status=403)
