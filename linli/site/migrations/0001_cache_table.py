"""The table of counts shared by all processes (failed sign-ins and the like), as Django's DatabaseCache expects it."""

from django.db import migrations


class Migration(migrations.Migration):
    """UNLOGGED: a count lost in a crash costs nobody anything, and writing it costs a third."""

    initial = True
    dependencies = []
    operations = [
        migrations.RunSQL(
            sql="""
            CREATE UNLOGGED TABLE site_cache (
                cache_key varchar(255) PRIMARY KEY,
                value text NOT NULL,
                expires timestamptz NOT NULL
            );
            CREATE INDEX site_cache_expires ON site_cache (expires);
            COMMENT ON TABLE site_cache IS '共享缓存：登录失败次数等，可随时清空';
            COMMENT ON COLUMN site_cache.cache_key IS '键';
            COMMENT ON COLUMN site_cache.value IS '值（编码后）';
            COMMENT ON COLUMN site_cache.expires IS '何时过期';
            """,
            reverse_sql="DROP TABLE site_cache;",
        )
    ]
