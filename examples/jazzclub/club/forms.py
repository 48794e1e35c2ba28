from django import forms
from django.utils import timezone

from .models import Concert, GuestbookEntry


class GuestbookForm(forms.ModelForm):
    class Meta:
        model = GuestbookEntry
        fields = ["name", "concert", "message", "photo"]
        widgets = {
            "name": forms.TextInput(attrs={"autocomplete": "name"}),
            "message": forms.Textarea(attrs={"rows": 4}),
            "photo": forms.FileInput(attrs={"accept": ".jpg,.jpeg,.png,.webp"}),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, label_suffix="", **kwargs)
        self.fields["concert"].queryset = Concert.objects.filter(
            starts_at__lt=timezone.now()
        ).order_by("-starts_at")
        self.fields["concert"].empty_label = "The club in general"
