"""`make run`: bring the database up to date, put demo data into an empty one, serve it here."""

import multiprocessing
import os
import signal
import socket
import subprocess
import sys
import time
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter

from hmis import embedded
from hmis.pool import disconnect
from hmis.roles import as_owner
from hmis.server import config
from outbox.demonstration import is_used

HOST = "127.0.0.1"
WORKERS = 2
SECONDS_TO_END = 5  # for what cron begins elsewhere
SECONDS_TO_LOOK = 2  # for what was asked for
SECONDS_BETWEEN_MAILS = 300  # as in docs/mail.md
SECONDS_BETWEEN_STARTS = 10  # of what does not start, or ends at once


# What cron begins elsewhere runs beside the server here, each as a process of its own.
BACKGROUND = {
    "run_transfers": "The worker of exports and imports",
    "count_quality": "The worker of the data quality counts",
}


class Supervisor(Arbiter):
    """Gunicorn's master, which also looks after the embedded database, the workers of what is done
    in the background and a demonstration's mail: every second."""

    unwell_until = mails_at = 0.0

    def __init__(self, app: BaseApplication) -> None:
        self.background: dict[str, subprocess.Popen[bytes]] = {}
        self.began_at: dict[str, float] = {}
        super().__init__(app)

    def begin_background(self) -> None:
        for name in BACKGROUND:
            self._begin_to_watch(name)
        self.mails_at = time.monotonic() + SECONDS_BETWEEN_STARTS

    def _begin_to_watch(self, name: str) -> None:
        self._begin(name, "--watch", str(SECONDS_TO_LOOK), "--parent", str(os.getpid()))

    def _begin(self, name: str, *options: str, **environment: str) -> None:
        self.background[name] = subprocess.Popen(  # noqa: S603 - ours
            [sys.executable, sys.argv[0], name, *options],
            start_new_session=True,
            env=os.environ | environment,
        )
        self.began_at[name] = time.monotonic()

    def _send_mail(self) -> None:
        """Keep the mail of a demonstration, as cron sends that of other installations."""
        if is_used() and time.monotonic() > self.mails_at:
            self.mails_at = time.monotonic() + SECONDS_BETWEEN_MAILS
            self._begin("send_mail", LOG_LEVEL="WARNING")

    def end_background(self) -> None:
        for process in self.background.values():
            process.terminate()
        ends_at = time.monotonic() + SECONDS_TO_END
        for process in self.background.values():
            try:
                process.wait(max(ends_at - time.monotonic(), 0))
            except subprocess.TimeoutExpired:  # what it works on is taken up again
                process.kill()

    def _revive_background(self) -> None:
        for name, words in BACKGROUND.items():
            if self.background[name].poll() is None:
                continue
            if time.monotonic() - self.began_at[name] > SECONDS_BETWEEN_STARTS:
                self.log.warning("%s had stopped, and is started again.", words)
                self._begin_to_watch(name)

    def murder_workers(self) -> None:
        super().murder_workers()
        self._revive_background()
        self._send_mail()
        if time.monotonic() < self.unwell_until:
            return
        try:
            for url in embedded.revive():
                self.log.warning("The embedded database had stopped, and was started again.")
                if url != os.environ["DATABASE_URL"]:
                    self.log.error("Another program took its port. Press Ctrl-C and start again.")
        except embedded.EmbeddedDatabaseError as error:
            self.log.error("%s", error)
            self.unwell_until = time.monotonic() + SECONDS_BETWEEN_STARTS


class Server(BaseApplication):
    """Gunicorn in this process, with the application loaded once and shared by its workers."""

    def __init__(self, options: dict[str, Any]) -> None:
        self.options = options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        from hmis.wsgi import application  # noqa: PLC0415 -- it begins to serve

        return application

    def run(self) -> None:
        Supervisor(self).run()


class Command(BaseCommand):
    help = "Serve this checkout on 127.0.0.1, with demo data when HMIS_DEMO is set. Ctrl-C ends it."
    requires_system_checks: list[str] = []  # migrate runs them

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--port",
            type=int,
            default=os.environ.get("PORT") or 8000,
            help="default: PORT, else 8000",
        )

    def handle(self, *, port: int, **options: Any) -> None:
        try:
            refuse_taken_port(port)
            self.prepare_database()
        except KeyboardInterrupt:
            sys.exit(130)
        disconnect()
        self.ready = multiprocessing.Value("i", 0)
        Server(
            {
                "bind": f"{HOST}:{port}",
                **config.OPTIONS,
                "workers": WORKERS,
                "graceful_timeout": 5,
                "loglevel": "warning",
                "when_ready": when_ready,
                "on_exit": Supervisor.end_background,
                "post_worker_init": lambda worker: self.join(port),
            }
        ).run()

    def prepare_database(self) -> None:
        self.say("Preparing the database ...")
        with as_owner():
            call_command("migrate", interactive=False, verbosity=0)
            call_command("createcachetable", verbosity=0)
        if settings.DEMO and not any(
            model._base_manager.exists()
            for model in (get_user_model(), apps.get_model("clients", "Client"))
        ):
            self.say("Loading the demo data, once ...")
            call_command("load_demo", verbosity=0)

    def join(self, port: int) -> None:
        # The terminal sends these to every process; gunicorn's arbiter passes on what is needed.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        config.connect()
        with self.ready.get_lock():
            self.ready.value += 1
            last = self.ready.value == WORKERS  # not one that replaces another later on
        if last:
            self.greet(port)

    def greet(self, port: int) -> None:
        lines = ["", f"  {settings.SITE_NAME} runs on  http://{HOST}:{port}/", ""]
        if settings.DEMO:
            from hmis.demo import DEMO_LOGINS, DEMO_PASSWORD  # noqa: PLC0415 -- not in production

            width = max(len(email) for email, who in DEMO_LOGINS)
            lines += [f"  Log in as {'':<{width - 6}}(password {DEMO_PASSWORD})"]
            lines += [f"    {email:<{width}}  {who}" for email, who in DEMO_LOGINS]
            lines += [""]
        self.say("\n".join([*lines, "  Ctrl-C stops it.", ""]))

    def say(self, text: str) -> None:
        """Write a text at once: what waits for a full buffer, each worker would write again."""
        self.stdout.write(text)
        self.stdout.flush()


def refuse_taken_port(port: int) -> None:
    with socket.socket() as candidate:
        candidate.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            candidate.bind((HOST, port))
        except OSError as error:
            raise CommandError(
                f"Port {port} cannot be used ({error.strerror}). "
                f"Choose another one: PORT={port + 1} make run"
            ) from None
        except OverflowError:
            raise CommandError(f"There is no port {port}. Choose one: PORT=8001 make run") from None


def when_ready(arbiter: Supervisor) -> None:
    # To gunicorn a hang-up means "reload"; here it means that somebody closed the window.
    signal.signal(signal.SIGHUP, lambda number, frame: os.kill(arbiter.pid, signal.SIGTERM))
    arbiter.begin_background()
