from django.conf import settings
from django.db import migrations, models
from django.db.models import CASCADE

from records.migrations._at_once import AtOnce
from records.migrations._tables import USER, Key, Table


class Migration(migrations.Migration):
    initial = True

    dependencies = [migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [AtOnce([
        Table('Submission', [
            ('token', models.UUIDField(primary_key=True, serialize=False)),
            ('path', models.CharField(max_length=200)),
            ('location', models.CharField(max_length=200, blank=True)),
            ('at', models.DateTimeField(db_index=True, auto_now_add=True)),
            ('user', Key(USER, CASCADE, related_name='+', db_index=False)),
        ]),
    ])]
