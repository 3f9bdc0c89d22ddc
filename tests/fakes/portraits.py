"""A portrait service with TLS on loopback, under a certificate authority of its own, that answers as tests tell it."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import IPv4Address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

TOKEN = "portraits-token-7"
Answer = Callable[[BaseHTTPRequestHandler], None]


def answer(status: int, data: bytes = b"", kind: str = "image/jpeg", **headers: str) -> Answer:
    """Return an answer with these bytes."""

    def send(handler: BaseHTTPRequestHandler) -> None:
        """Send it."""
        handler.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(data)), **headers}.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(data)

    return send


@dataclass
class Portraits:
    """A running service: where, by whose certificates, how it answers, and what it was asked."""

    address: str
    authority: Path
    answer: Answer = field(default_factory=lambda: answer(404))
    token: str = TOKEN
    asked: list[str] = field(default_factory=list)
    ended: threading.Event = field(default_factory=threading.Event)
    """Set when the test is over: what an answer may wait for."""


def write_certificates(folder: Path) -> tuple[Path, Path]:
    """Write a new authority's certificate, and certificate and key of 127.0.0.1 under it; return both files."""
    now, authority_key, key = datetime.now(UTC), ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(
        ec.SECP256R1()
    )  # fmt: skip
    issuer, subject = (x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]) for name in ("A test's CA", "A test"))

    def begun(name: x509.Name, public: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
        """Return what both certificates begin with."""
        builder = x509.CertificateBuilder().subject_name(name).issuer_name(issuer).public_key(public)
        dated = builder.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
        return dated.serial_number(x509.random_serial_number())

    usage = x509.KeyUsage(False, False, False, False, False, True, True, False, False)  # noqa: FBT003 - the library's
    authority = (
        begun(issuer, authority_key.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .sign(authority_key, hashes.SHA256())
    )
    names = x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))])
    own = begun(subject, key.public_key()).add_extension(names, critical=False).sign(authority_key, hashes.SHA256())
    pem = serialization.Encoding.PEM
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "ca.pem").write_bytes(authority.public_bytes(pem))
    (folder / "own.pem").write_bytes(own.public_bytes(pem) + secret)
    return folder / "ca.pem", folder / "own.pem"


@contextmanager
def serving_portraits(folder: Path) -> Iterator[Portraits]:
    """Serve portraits over TLS until the end of the block."""
    authority, own = write_certificates(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(own)

    class Answers(BaseHTTPRequestHandler):
        """Answers as the test tells it, to whoever has the token."""

        def do_GET(self) -> None:
            """Note what was asked, and answer."""
            service.asked.append(self.path)
            known = self.headers["Authorization"] == f"Bearer {service.token}"
            (service.answer if known else answer(401))(self)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

        def handle(self) -> None:
            """Answer; who goes before the end is no fault."""
            try:
                super().handle()
            except OSError:
                self.close_connection = True

        def finish(self) -> None:
            """End; who went before is no fault."""
            try:
                super().finish()
            except OSError:
                self.close_connection = True

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    server.daemon_threads = True
    server.socket = context.wrap_socket(server.socket, server_side=True)
    service = Portraits(f"https://127.0.0.1:{server.server_port}/portraits", authority)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield service
    finally:
        service.ended.set()
        server.shutdown()
        thread.join()
        server.server_close()
