"""A matter that another system handed over keeps its number there; the hotline is a channel of its own."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("matters", "0008_excluded_merged_split_and_helped")]

    operations = [
        migrations.AddField(
            model_name="matter",
            name="foreign_number",
            field=models.CharField(
                blank=True,
                db_comment="转来的系统里的编号（热线工单号）；空为本平台登记",
                db_default="",
                default="",
                max_length=40,
            ),
        ),
        migrations.AlterField(
            model_name="matter",
            name="channel",
            field=models.CharField(
                choices=[
                    ("page", "网页"),
                    ("qr", "扫码"),
                    ("phone", "电话"),
                    ("counter", "窗口"),
                    ("grid", "网格员代报"),
                    ("open311", "别的系统转来"),
                    ("hotline", "12345热线转来"),
                ],
                db_comment="渠道",
                max_length=10,
                verbose_name="渠道",
            ),
        ),
    ]
