"""A one-time password, given when an account is made or its password reset, is to be changed at once."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """One column, false for everybody there is."""

    dependencies = [("access", "0001_initial")]
    operations = [
        migrations.AddField(
            model_name="person",
            name="must_change_password",
            field=models.BooleanField(
                db_comment="现用的是建号或重置时给的一次性密码，登录后须先改", default=False, verbose_name="须改密码"
            ),
        )
    ]
