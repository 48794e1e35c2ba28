from django.contrib import messages
from django.contrib.messages.views import SuccessMessageMixin
from django.urls import reverse_lazy
from django.views.generic import CreateView, DetailView, TemplateView

from .forms import GuestbookForm
from .models import Concert, GuestbookEntry, Musician


class Programme(TemplateView):
    template_name = "club/programme.html"

    def get_context_data(self, **kwargs):
        concerts = Concert.objects.prefetch_related("line_up")
        tonight, *others = concerts.upcoming()[:9] or [None]
        return super().get_context_data(
            next_concert=tonight, upcoming=others, past=concerts.past()[:4], **kwargs
        )


class ConcertDetail(DetailView):
    queryset = Concert.objects.prefetch_related("line_up")

    def get_context_data(self, **kwargs):
        entries = self.object.entries.filter(is_public=True)
        return super().get_context_data(entries=entries, **kwargs)


class MusicianDetail(DetailView):
    queryset = Musician.objects.prefetch_related("concerts__line_up")


class Guestbook(SuccessMessageMixin, CreateView):
    form_class = GuestbookForm
    template_name = "club/guestbook.html"
    success_url = reverse_lazy("guestbook")
    success_message = "Thank you, %(name)s! Your words are in the book."

    def get_context_data(self, **kwargs):
        entries = GuestbookEntry.objects.filter(is_public=True).select_related("concert")
        return super().get_context_data(entries=entries[:50], **kwargs)

    def form_invalid(self, form):
        messages.error(self.request, "Something is missing: see below.")
        return super().form_invalid(form)
