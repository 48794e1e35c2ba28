from django.contrib import admin

from .models import Concert, GuestbookEntry, Musician

admin.site.site_header = "Le Nuage: the back office"


@admin.register(Musician)
class MusicianAdmin(admin.ModelAdmin):
    list_display = ["name", "instrument"]
    search_fields = ["name", "instrument"]
    prepopulated_fields = {"slug": ["name"]}


@admin.register(Concert)
class ConcertAdmin(admin.ModelAdmin):
    list_display = ["title", "starts_at", "price"]
    list_filter = ["starts_at"]
    date_hierarchy = "starts_at"
    filter_horizontal = ["line_up"]
    prepopulated_fields = {"slug": ["title"]}


@admin.register(GuestbookEntry)
class GuestbookEntryAdmin(admin.ModelAdmin):
    list_display = ["name", "concert", "posted_at", "is_public"]
    list_editable = ["is_public"]
    list_filter = ["is_public", "concert"]
    search_fields = ["name", "message"]
