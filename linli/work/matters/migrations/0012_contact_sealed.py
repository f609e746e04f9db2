"""Contact data is sealed: wider columns first, then every row under the first key, in batches that may be run again."""

from django.db import migrations, models, transaction

import linli.mechanisms.access.sealing
from linli.kernel import sealing
from linli.mechanisms.access.sealing import keyring

BATCH = 1000
COLUMNS = ("name", "phone", "email")


def seal_what_is_there(_apps, schema):
    """Each batch is one transaction; a row that is sealed already is passed over."""
    last = -1
    while True:
        with transaction.atomic(using=schema.connection.alias), schema.connection.cursor() as db:
            db.execute(
                "SELECT matter_id, name, phone, email FROM matters_contact WHERE matter_id > %s ORDER BY 1 LIMIT %s",
                [last, BATCH],
            )
            rows = db.fetchall()
            if not rows:
                return
            last = rows[-1][0]
            ring = keyring()
            changes = []
            for pk, *plain in rows:
                if any(sealing.key_of(each) for each in plain) or not any(plain):
                    continue
                kept = [
                    ring.seal(each, bound=f"matters_contact.{column}:{pk}")
                    for column, each in zip(COLUMNS, plain, strict=True)
                ]
                changes.append([*kept, ring.digest("phone", plain[1]), pk])
            if changes:
                db.executemany(
                    "UPDATE matters_contact SET name = %s, phone = %s, email = %s, phone_key = %s WHERE matter_id = %s",
                    changes,
                )


class Migration(migrations.Migration):
    atomic = False  # Batches: a million rows in one transaction would hold what the desks need.

    dependencies = [("matters", "0011_supervision_visits_appeals")]

    operations = [
        migrations.AlterField(
            model_name="contact",
            name="name",
            field=linli.mechanisms.access.sealing.SealedField(
                blank=True, db_comment="姓名或称呼（加密）", default="", verbose_name="称呼"
            ),
        ),
        migrations.AlterField(
            model_name="contact",
            name="phone",
            field=linli.mechanisms.access.sealing.SealedField(
                blank=True, db_comment="电话（加密）", default="", verbose_name="电话"
            ),
        ),
        migrations.AlterField(
            model_name="contact",
            name="email",
            field=linli.mechanisms.access.sealing.SealedField(
                blank=True, db_comment="电子邮箱（加密）", default="", verbose_name="电子邮箱"
            ),
        ),
        migrations.AddField(
            model_name="contact",
            name="phone_key",
            field=linli.mechanisms.access.sealing.DigestField(
                blank=True, db_comment="电话的指纹，用来查找", default="", max_length=60, of="phone"
            ),
        ),
        migrations.RunPython(seal_what_is_there, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="contact",
            index=models.Index(
                condition=models.Q(("phone_key", ""), _negated=True), fields=["phone_key"], name="matters_contact_phone"
            ),
        ),
    ]
