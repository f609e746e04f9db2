"""Every matter is found by single characters and by the month it was registered in."""

from django.db import migrations

from linli.kernel import clock
from linli.kernel.text import tsvector_literal

BATCH = 2000


def write_anew(apps, schema):
    """The tokens of what is stored, batch by batch."""
    matters = apps.get_model("matters", "Matter").objects
    last = 0
    while rows := list(
        matters.filter(pk__gt=last)
        .order_by("pk")
        .values_list("pk", "number", "text", "place_text", "registered_at")[:BATCH]
    ):
        with schema.connection.cursor() as db:
            db.executemany(
                "UPDATE matters_matter SET search = %s WHERE id = %s",
                [
                    (f"{tsvector_literal(f'{number} {said} {place}')} '#{at.astimezone(clock.CITY):%y%m}'", pk)
                    for pk, number, said, place, at in rows
                ],
            )
        last = rows[-1][0]


class Migration(migrations.Migration):
    dependencies = [("matters", "0002_queue_orders")]

    operations = [migrations.RunPython(write_anew, migrations.RunPython.noop)]
