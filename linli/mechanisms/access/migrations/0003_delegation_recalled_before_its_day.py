from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("access", "0002_person_must_change_password")]

    operations = [
        migrations.AddField(
            model_name="delegation",
            name="recalled_at",
            field=models.DateTimeField(
                blank=True, db_comment="提前收回的时刻（空为没有收回）", null=True, verbose_name="收回时刻"
            ),
        ),
    ]
