"""Every matter can be searched by the month it was registered in."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("matters", "0002_queue_orders")]

    operations = [
        migrations.RunSQL(
            "UPDATE matters_matter SET search = search ||"
            " ('''#' || to_char(registered_at AT TIME ZONE 'Asia/Shanghai', 'YYMM') || '''')::tsvector",
            "UPDATE matters_matter SET search ="
            " ts_delete(search, '#' || to_char(registered_at AT TIME ZONE 'Asia/Shanghai', 'YYMM'))",
        )
    ]
