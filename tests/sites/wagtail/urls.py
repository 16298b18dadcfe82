from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.api.v2.router import WagtailAPIRouter
from wagtail.api.v2.views import PagesAPIViewSet

pages_api = WagtailAPIRouter("pages_api")
pages_api.register_endpoint("pages", PagesAPIViewSet)

urlpatterns = [
    path("django-admin/", admin.site.urls),
    path("admin/", include(wagtailadmin_urls)),
    path("api/v1/", include("related.api.urls")),
    path("api/v2/", pages_api.urls),
    *i18n_patterns(path("", include(wagtail_urls)), prefix_default_language=False),
]
