from django.urls import path

from . import views

urlpatterns = [
    path("", views.Programme.as_view(), name="programme"),
    path("concerts/<slug:slug>/", views.ConcertDetail.as_view(), name="concert"),
    path("musicians/<slug:slug>/", views.MusicianDetail.as_view(), name="musician"),
    path("guestbook/", views.Guestbook.as_view(), name="guestbook"),
]
