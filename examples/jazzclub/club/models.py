from django.core.exceptions import ValidationError
from django.core.validators import FileExtensionValidator
from django.db import models
from django.urls import reverse
from django.utils import timezone


class Musician(models.Model):
    name = models.CharField(max_length=80)
    slug = models.SlugField(unique=True)
    instrument = models.CharField(max_length=40)
    biography = models.TextField(blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("musician", args=[self.slug])


class ConcertQuerySet(models.QuerySet):
    def upcoming(self):
        return self.filter(starts_at__gte=timezone.now())

    def past(self):
        return self.filter(starts_at__lt=timezone.now()).reverse()


class Concert(models.Model):
    title = models.CharField(max_length=120)
    slug = models.SlugField(unique=True)
    starts_at = models.DateTimeField()
    price = models.DecimalField(max_digits=6, decimal_places=2, help_text="In euros; 0 is free.")
    description = models.TextField()
    line_up = models.ManyToManyField(Musician, related_name="concerts")

    objects = ConcertQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at"]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("concert", args=[self.slug])


def at_most_5_megabytes(photo):
    if photo.size > 5 * 1024 * 1024:
        raise ValidationError("Please choose a photo of at most 5 MB.")


class GuestbookEntry(models.Model):
    name = models.CharField("your name", max_length=60)
    concert = models.ForeignKey(
        Concert, on_delete=models.SET_NULL, null=True, blank=True, related_name="entries"
    )
    message = models.TextField(max_length=600)
    photo = models.ImageField(
        upload_to="guestbook/%Y/%m/",
        blank=True,
        validators=[FileExtensionValidator(["jpg", "jpeg", "png", "webp"]), at_most_5_megabytes],
        help_text="JPEG, PNG or WebP, at most 5 MB.",
    )
    posted_at = models.DateTimeField(auto_now_add=True)
    is_public = models.BooleanField(default=True)

    class Meta:
        ordering = ["-posted_at"]
        verbose_name_plural = "guestbook entries"

    def __str__(self):
        return f"{self.name}, {self.posted_at:%d %B %Y}"
