from django.utils.cache import patch_cache_control


class PrivacyMiddleware:
    """Keeps pages of users out of every cache, so that nobody sees one by going back."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.user.is_authenticated and not response.has_header("Cache-Control"):
            patch_cache_control(response, no_store=True, private=True)
        return response
