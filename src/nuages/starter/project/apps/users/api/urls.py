from django.urls import path

from . import entrance, me, staff

urlpatterns = [
    path("sign-up/", entrance.SignUpView.as_view(), name="sign-up"),
    path("sign-up/confirm/", entrance.SignUpConfirmView.as_view(), name="sign-up-confirm"),
    path("token/", entrance.TokenView.as_view(), name="token"),
    path("password-reset/", entrance.PasswordResetView.as_view(), name="password-reset"),
    path(
        "password-reset/confirm/",
        entrance.PasswordResetConfirmView.as_view(),
        name="password-reset-confirm",
    ),
    path("email/confirm/", me.EmailConfirmView.as_view(), name="email-confirm"),
    path("me/", me.MeView.as_view(), name="me"),
    path("me/avatar/", me.AvatarView.as_view(), name="me-avatar"),
    path("me/password/", me.PasswordView.as_view(), name="me-password"),
    path("me/email/", me.EmailView.as_view(), name="me-email"),
    path("me/delete/", me.DeleteView.as_view(), name="me-delete"),
    path("users/", staff.UserListView.as_view(), name="users"),
    path("users/<int:pk>/", staff.UserView.as_view(), name="user"),
]
