"""deploy/nginx/hmis.conf made runnable: ports, certificate and folders of a test."""

import datetime
import os
import re
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "deploy/nginx/hmis.conf"


def write_configuration(
    folder: Path, *, http: int, https: int, upstreams: list[int], host: str = "hmis.example.org"
) -> Path:
    """Write the example and what it needs into a folder; return nginx's main file.

    http, https: ports that it listens on. upstreams: ports of the web processes.
    """
    make_certificate(folder, host)
    text = EXAMPLE.read_text().replace("/etc/ssl/hmis", str(folder))
    text = text.replace("/var/log/nginx", str(folder)).replace("hmis.example.org", host)
    text = text.replace("/var/www/hmis", str(ROOT / "deploy/nginx"))
    text = re.sub(r"(?m)^ *listen \[::\].*\n", "", text)
    text = text.replace("listen 80;", f"listen 127.0.0.1:{http};")
    text = text.replace("listen 443 ssl", f"listen 127.0.0.1:{https} ssl")
    server = re.search(r"(?m)^ *server 127\.0\.0\.1:8000(.*;)\n", text)
    servers = "".join(f"    server 127.0.0.1:{port}{server[1]}\n" for port in upstreams)
    text = text.replace(server[0], servers)
    folders = "".join(
        f"{kind}_temp_path {folder}/{kind};\n"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    main = folder / "nginx.conf"
    user = "" if os.geteuid() else "user root;\n"  # who else may not write into the folder
    main.write_text(
        f"{user}error_log {folder}/error.log;\npid {folder}/nginx.pid;\ndaemon off;\n"
        f"events {{ worker_connections 2048; }}\nhttp {{\n{folders}{text}\n}}\n"
    )
    return main


def make_certificate(folder: Path, host: str) -> None:
    """A certificate for a day, as the files `fullchain.pem` and `privkey.pem`."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, host)])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(now + datetime.timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    (folder / "fullchain.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    (folder / "privkey.pem").write_bytes(private)
