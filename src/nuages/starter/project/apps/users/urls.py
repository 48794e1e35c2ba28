from collections.abc import Callable

from django.contrib.auth.views import LogoutView
from django.http import HttpResponseBase
from django.urls import path
from django.views.generic import TemplateView

from . import views

app_name = "users"


def sent(again: str) -> Callable[..., HttpResponseBase]:
    return TemplateView.as_view(
        template_name="users/mail_sent.html", extra_context={"again": again}
    )


urlpatterns = [
    path("login/", views.LoginView.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("sign-up/", views.SignUpView.as_view(), name="sign-up"),
    path("sign-up/sent/", sent("users:sign-up"), name="sign-up-sent"),
    path("sign-up/<token>/", views.SignUpFinishView.as_view(), name="sign-up-finish"),
    path("profile/", views.ProfileView.as_view(), name="profile"),
    path("email/", views.EmailChangeView.as_view(), name="email-change"),
    path("email/<token>/", views.EmailConfirmView.as_view(), name="email-confirm"),
    path("password/", views.PasswordChangeView.as_view(), name="password-change"),
    path("password/reset/", views.PasswordResetView.as_view(), name="password-reset"),
    path(
        "password/reset/sent/",
        sent("users:password-reset"),
        name="password-reset-sent",
    ),
    path(
        "password/reset/<uidb64>/<token>/",
        views.PasswordResetConfirmView.as_view(),
        name="password-reset-confirm",
    ),
    path("delete/", views.DeleteView.as_view(), name="delete"),
]
