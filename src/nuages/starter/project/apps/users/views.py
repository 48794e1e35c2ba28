"""The pages about one's own account."""

from typing import Any, cast

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout, views
from django.contrib.auth.mixins import LoginRequiredMixin
from django.contrib.messages.views import SuccessMessageMixin
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import FormView, TemplateView, UpdateView

from . import links, mails
from .forms import (
    ChangePasswordForm,
    EmailChangeForm,
    EmailForm,
    LoginForm,
    PasswordForm,
    ProfileForm,
    SignUpForm,
    too_many_tries,
)
from .models import User
from .throttling import seconds_to_wait

private = method_decorator([never_cache, sensitive_post_parameters()], name="dispatch")


class LoginView(views.LoginView):
    """Django's own; who tried too often is told to wait."""

    form_class = LoginForm
    template_name = "users/login.html"
    extra_context = {"site_name": settings.SITE_NAME}  # else the request's host

    def form_invalid(self, form: forms.Form) -> HttpResponse:
        return answer(self, form, getattr(self.request, "seconds_to_wait", 0))


def answer(view: FormView, form: forms.Form, wait: int) -> HttpResponse:
    """The form again; after too many tries with the status that says so."""
    response = view.render_to_response(view.get_context_data(form=form))
    if wait:
        response.status_code = 429
        response.headers["Retry-After"] = str(wait)
    return response


class MailView(FormView):
    """Takes an address and writes to it. The answer is the same for every address."""

    form_class: type[forms.Form] = EmailForm
    template_name = "users/mail_form.html"
    action = ""

    def send(self, email: str) -> None:
        raise NotImplementedError

    def form_valid(self, form: forms.Form) -> HttpResponse:
        email = form.cleaned_data["email"]
        if wait := seconds_to_wait(self.request, self.action, email):
            form.add_error(None, too_many_tries(wait))
            return answer(self, form, wait)
        try:
            self.send(email)
        except OSError:  # the mail server; the same for every address
            form.add_error(None, _("We cannot send mail at the moment. Please try again later."))
            return self.form_invalid(form)
        return super().form_valid(form)


class SignUpView(MailView):
    extra_context = {
        "title": _("Make an account"),
        "words": _("Tell us your e-mail address. We send a link there; it leads to the rest."),
        "after": _("Have an account already?"),
    }
    success_url = reverse_lazy("users:sign-up-sent")
    action = "sign-up"

    def send(self, email: str) -> None:
        mails.sign_up(self.request, email)


class PasswordResetView(MailView):
    extra_context = {
        "title": _("Forgot your password?"),
        "words": _("Tell us your e-mail address. We send a link there, to choose a new one."),
        "after": _("Remember it after all?"),
    }
    success_url = reverse_lazy("users:password-reset-sent")
    action = "reset"

    def send(self, email: str) -> None:
        mails.reset(self.request, email)


@private
class SignUpFinishView(FormView):
    """Where the link in the mail leads: the account is made here, not before."""

    form_class = SignUpForm
    template_name = "users/sign_up_finish.html"
    success_url = reverse_lazy("users:profile")
    email: str | None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.email = links.invited(kwargs["token"])
        if self.email is None or User.objects.filter(email=self.email).exists():
            return render(request, "users/link_invalid.html", status=404)
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "instance": User(email=cast(str, self.email))}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(email=self.email, **kwargs)

    def form_valid(self, form: SignUpForm) -> HttpResponse:
        try:
            with transaction.atomic():
                user = form.save()
        except IntegrityError:  # the same link, twice at once
            return redirect("users:login")
        login(self.request, user)
        messages.success(self.request, _("Welcome! Your account is ready."))
        return super().form_valid(form)


class PasswordResetConfirmView(SuccessMessageMixin, views.PasswordResetConfirmView):
    template_name = "users/password_reset_confirm.html"
    success_url = reverse_lazy("users:login")
    success_message = _("Your password is changed. Log in with the new one.")

    def form_valid(self, form: forms.Form) -> HttpResponse:
        response = super().form_valid(form)
        mails.password_changed(cast(User, self.user))
        return response


class ProfileView(LoginRequiredMixin, SuccessMessageMixin, UpdateView):
    """One's own name, words and picture. The address of the page names nobody."""

    form_class = ProfileForm
    template_name = "users/profile.html"
    success_url = reverse_lazy("users:profile")
    success_message = _("Your profile is saved.")

    def get_object(self, queryset: Any = None) -> User:
        # A fresh copy: the page's header shows who it is, not what an invalid form would set.
        return User.objects.get(email=self.request.user.get_username())


@private
class PasswordChangeView(SuccessMessageMixin, views.PasswordChangeView):
    """Ends every other session of the account."""

    form_class = ChangePasswordForm
    template_name = "users/account_form.html"
    extra_context = {
        "title": _("Your password"),
        "words": _("Other devices are logged out when it changes."),
        "button": _("Change it"),
    }
    success_url = reverse_lazy("users:profile")
    success_message = _("Your password is changed. Other devices are logged out.")

    def get_form(self, form_class: Any = None) -> ChangePasswordForm:
        form = cast(ChangePasswordForm, super().get_form(form_class))
        form.request = self.request
        return form


class AskedView(LoginRequiredMixin, FormView):
    """Asks for the password before it does what cannot be undone."""

    template_name = "users/account_form.html"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "request": self.request}


@private
class EmailChangeView(AskedView, SuccessMessageMixin, MailView):
    form_class = EmailChangeForm
    extra_context = {
        "title": _("Your e-mail address"),
        "words": _("We send a link to the new address. Until you open it, nothing changes."),
        "button": _("Send the link"),
    }
    success_url = reverse_lazy("users:profile")
    success_message = _("Open the link that we sent to the new address.")
    action = "sign-up"

    def send(self, email: str) -> None:
        mails.change_email(self.request, cast(User, self.request.user), email)


@private
class EmailConfirmView(TemplateView):
    """Where the mail to the new address leads. A button, since mail scanners follow links."""

    template_name = "users/email_confirm.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        change = links.changed_email(kwargs["token"])
        if change is None or User.objects.filter(email=change[1]).exists():
            return render(request, "users/link_invalid.html", status=404)
        self.change = change
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(email=self.change[1], **kwargs)

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        user, new = self.change
        old, user.email = user.email, new
        user.save(update_fields=["email", "updated_at"])
        mails.email_changed(user, old)
        messages.success(request, _("Your e-mail address is changed."))
        return redirect("users:profile")


@private
class DeleteView(AskedView):
    form_class = PasswordForm
    extra_context = {
        "title": _("Delete your account"),
        "words": _(
            "Your profile, your picture and all that hangs on your account go for good. "
            "This cannot be undone."
        ),
        "button": _("Delete it for good"),
        "danger": True,
    }

    def form_valid(self, form: forms.Form) -> HttpResponse:
        user = self.request.user
        logout(self.request)
        user.delete()
        messages.success(self.request, _("Your account and what it held are deleted."))
        return redirect(reverse("core:home"))
