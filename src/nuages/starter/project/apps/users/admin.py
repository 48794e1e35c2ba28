"""Accounts in the admin."""

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from .avatars import AvatarField
from .forms import LoginForm
from .models import User

admin.site.site_header = admin.site.site_title = settings.SITE_NAME


class AdminLoginForm(LoginForm, AdminAuthenticationForm):
    """The site's own, for staff only: it tells who must wait."""


admin.site.login_form = AdminLoginForm


class UserCreationForm(AdminUserCreationForm):
    class Meta:
        model = User
        fields = ("email", "name")


class UserForm(UserChangeForm):
    avatar = AvatarField(required=False)

    class Meta:
        model = User
        fields = "__all__"


@admin.register(User)
class UserAdmin(DjangoUserAdmin):
    """E-mail is the login; the newest first. Only superusers hand out rights."""

    form = UserForm
    add_form = UserCreationForm
    list_display = ("email", "name", "picture", "is_active", "is_staff", "created_at")
    list_filter = ("is_active", "is_staff", "is_superuser", "groups", "created_at")
    search_fields = ("email", "name")
    ordering = ("-created_at",)
    readonly_fields = ("last_login", "created_at", "updated_at")
    fieldsets = (
        (None, {"fields": ("email", "password")}),
        (_("Profile"), {"fields": ("name", "bio", "avatar")}),
        (
            _("Rights"),
            {"fields": ("is_active", "is_staff", "is_superuser", "groups", "user_permissions")},
        ),
        (_("Dates"), {"fields": ("last_login", "created_at", "updated_at")}),
    )
    add_fieldsets = (
        (None, {"fields": ("email", "name", "usable_password", "password1", "password2")}),
    )
    rights = ("is_staff", "is_superuser", "groups", "user_permissions")

    @admin.display(description=_("picture"))
    def picture(self, user: User) -> SafeString | str:
        if not user.avatar:
            return ""
        return format_html('<img src="{}" width="32" height="32" alt="">', user.avatar.url)

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> Any:
        fields = super().get_readonly_fields(request, obj)
        return fields if request.user.is_superuser else (*fields, *self.rights)

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return super().has_change_permission(request, obj) and self.may_touch(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return super().has_delete_permission(request, obj) and self.may_touch(request, obj)

    def may_touch(self, request: HttpRequest, obj: User | None) -> bool:
        """Staff who may edit accounts could else take a superuser's over by its password."""
        return obj is None or not obj.is_superuser or request.user.is_superuser
