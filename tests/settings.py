"""The project's settings for tests: the same, with cheap passwords and a key that is no secret."""

import os

from tests.services.project import SECRET_KEY

os.environ.setdefault("SECRET_KEY", SECRET_KEY)
# The browser driver keeps an event loop in the thread that runs the tests; Django would refuse
# every query there, though none of them is made from asynchronous code.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

os.environ.setdefault("CLICKS", "true")  # off as shipped

from newsroom.settings import *

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CELERY_BROKER_URL = ""  # tests that want a broker start one
WHITENOISE_AUTOREFRESH = True  # looks for a file when asked, in place of listing all per client
