"""A few evenings, so that the programme is not empty on the first visit."""

from datetime import timedelta

from django.db import migrations
from django.utils import timezone
from django.utils.text import slugify

MUSICIANS = [
    ("odile-marchand", "Odile Marchand", "guitar", "Her right hand is the club's drummer."),
    ("emil-vasko", "Emil Vaško", "violin", "Came for one weekend, eleven years ago."),
    ("sam-okafor", "Sam Okafor", "double bass", "His first bass was too big for the stairs."),
    ("line-aubert", "Line Aubert", "clarinet", "Conservatoire by day, rooftops by night."),
    ("theo-perrin", "Théo Perrin", "guitar", "Rhythm guitar. No solo since 2014."),
    ("nadia-benali", "Nadia Benali", "voice", "Sings in four languages, apologises in none."),
]

# Days from the day of the migration, hour, price, title, who plays, what it is.
SEASON = [
    (-23, 21, 15, "Swing du dimanche", "odile-marchand theo-perrin sam-okafor", """
Three guitars were announced, one turned out to be a double bass. A good decision.
"""),
    (-9, 21, 18, "Clarinet on the roof", "line-aubert sam-okafor", """
Line Aubert opened the skylight at midnight. The neighbours asked for an encore.
"""),
    (3, 21, 18, "An evening of clouds", "odile-marchand emil-vasko theo-perrin sam-okafor", """
Strings only, no drums, no microphone. The quintet minus one plays the quiet side of the
nineteen-forties: ballads that drift, a waltz or two, and that tune about clouds which
everybody hums on the stairs afterwards.

Two sets, with a pause long enough for a glass.
"""),
    (6, 20, 0, "Open stage", "theo-perrin", """
Bring your instrument. Théo keeps the rhythm, you take the solo: two choruses each, and the
house buys the first drink.
"""),
    (10, 21, 16, "Nadia Benali sings", "nadia-benali line-aubert sam-okafor", """
New songs about old cities, with clarinet and bass.
"""),
    (13, 21, 20, "Two guitars, one chair", "odile-marchand theo-perrin", """
Duets at close range. The chair is a long story; Odile tells it after the second tune.
"""),
    (17, 21, 18, "Vaško plays waltzes", "emil-vasko odile-marchand sam-okafor", """
Musette, and what became of it. There is room to dance near the piano nobody plays.
"""),
    (20, 21, 12, "Brushes and bows", "nadia-benali emil-vasko theo-perrin", """
Voice, violin, and a newspaper played with brushes, because the drum kit is still in Lyon.
"""),
    (24, 22, 15, "Late set", "line-aubert emil-vasko sam-okafor nadia-benali", """
Everybody who is still awake.
"""),
]  # fmt: skip


def unwrapped(text):
    paragraphs = text.strip().split("\n\n")
    return "\n\n".join(paragraph.replace("\n", " ") for paragraph in paragraphs)


def add_season(apps, schema_editor):
    Musician = apps.get_model("club", "Musician")
    Concert = apps.get_model("club", "Concert")
    for slug, name, instrument, biography in MUSICIANS:
        Musician.objects.create(slug=slug, name=name, instrument=instrument, biography=biography)
    today = timezone.localtime().replace(minute=0, second=0, microsecond=0)
    for days, hour, price, title, line_up, description in SEASON:
        concert = Concert.objects.create(
            title=title,
            slug=slugify(title),
            starts_at=today.replace(hour=hour) + timedelta(days=days),
            price=price,
            description=unwrapped(description),
        )
        concert.line_up.set(Musician.objects.filter(slug__in=line_up.split()))


def add_first_page(apps, schema_editor):
    Concert = apps.get_model("club", "Concert")
    GuestbookEntry = apps.get_model("club", "GuestbookEntry")
    GuestbookEntry.objects.create(
        name="Hélène and Paul",
        concert=Concert.objects.get(slug="clarinet-on-the-roof"),
        message="We came in because of the rain and stayed because of the clarinet.",
    )
    GuestbookEntry.objects.create(
        name="A neighbour",
        message="I was going to complain about the noise. Same table next week, please.",
    )


class Migration(migrations.Migration):
    dependencies = [("club", "0001_initial")]

    operations = [
        migrations.RunPython(add_season, migrations.RunPython.noop),
        migrations.RunPython(add_first_page, migrations.RunPython.noop),
    ]
