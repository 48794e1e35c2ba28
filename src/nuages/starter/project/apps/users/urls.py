from collections.abc import Callable

from django.contrib.auth.views import LogoutView
from django.http import HttpResponseBase
from django.urls import path
from django.views.generic import TemplateView

from . import views

app_name = "users"


def sent(template: str) -> Callable[..., HttpResponseBase]:
    return TemplateView.as_view(template_name=template)


urlpatterns = [
    path("login/", views.LoginView.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("sign-up/", views.SignUpView.as_view(), name="sign-up"),
    path("sign-up/sent/", sent("users/sign_up_sent.html"), name="sign-up-sent"),
    path("sign-up/<token>/", views.SignUpFinishView.as_view(), name="sign-up-finish"),
    path("profile/", views.ProfileView.as_view(), name="profile"),
    path("email/", views.EmailChangeView.as_view(), name="email-change"),
    path("email/<token>/", views.EmailConfirmView.as_view(), name="email-confirm"),
    path("password/", views.PasswordChangeView.as_view(), name="password-change"),
    path("password/reset/", views.PasswordResetView.as_view(), name="password-reset"),
    path(
        "password/reset/sent/",
        sent("users/password_reset_sent.html"),
        name="password-reset-sent",
    ),
    path(
        "password/reset/<uidb64>/<token>/",
        views.PasswordResetConfirmView.as_view(),
        name="password-reset-confirm",
    ),
    path("delete/", views.DeleteView.as_view(), name="delete"),
]
