from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("access", "0003_delegation_recalled_before_its_day")]

    operations = [
        migrations.AddIndex(model_name="reveal", index=models.Index(fields=["-at"], name="access_reveal_newest")),
    ]
