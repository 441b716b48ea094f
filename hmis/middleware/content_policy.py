from csp.constants import HEADER
from csp.utils import build_policy
from django.conf import settings
from django.http.response import HttpResponseBase
from django.utils.deprecation import MiddlewareMixin


class ContentPolicyMiddleware(MiddlewareMixin):
    """Sends the policy of settings.CONTENT_SECURITY_POLICY, put together once in a process.

    django-csp's own puts it together twice for each answer, for nonces and exceptions that no page
    of ours has. A view's own policy, as of a picture, stays.
    """

    policy = ""

    def process_response(self, request, response: HttpResponseBase) -> HttpResponseBase:
        if settings.DEBUG and response.status_code in {404, 500}:
            return response  # Django's own pages for developers have styles in them
        self.policy = self.policy or build_policy()
        response.headers.setdefault(HEADER, self.policy)
        return response
