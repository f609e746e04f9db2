"""A proof is shown to a resident at once: keep the roots of the tree's blocks, so that it reads one block and not all leaves."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("journal", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="seal",
            name="blocks",
            field=models.BinaryField(
                default=b"", db_comment="每1024片叶的子树根，连写：出示证明时不必读整棵树；可由链头重算"
            ),
        ),
    ]
