"""A throw-away certificate authority for the tests, and good and bad server certificates that it signs."""

import pathlib
import subprocess

VARIANTS = ("good", "wronghost", "expired", "selfsigned", "cn-only")

_CA_CONFIG = """
[ca]
default_ca = here
[here]
database = issued.db
rand_serial = yes
new_certs_dir = .
default_md = sha256
policy = any
[any]
commonName = supplied
"""


def _openssl(folder, *arguments):
    done = subprocess.run(["openssl", *arguments], cwd=folder, capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"openssl {arguments[0]}: {done.stderr}")


class Authority:
    """Makes `ca.pem` in the folder, and a certificate of each kind when it is first asked for."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.ca_file = self.folder / "ca.pem"
        self._key("ca.key")
        _openssl(self.folder, "req", "-x509", "-new", "-key", "ca.key", "-days", "30", "-subj", "/CN=valija test authority",
                 "-addext", "keyUsage=critical,keyCertSign,cRLSign", "-out", "ca.pem")

    def _key(self, name):
        _openssl(self.folder, "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", name)

    def certificate(self, variant="good"):
        """The paths of certificate and key. good: for localhost and 127.0.0.1; cn-only: localhost as CN, another SAN."""
        certificate, key = self.folder / f"{variant}.pem", self.folder / f"{variant}.key"
        if not certificate.exists():
            self._key(key.name)
            if variant == "selfsigned":
                _openssl(self.folder, "req", "-x509", "-new", "-key", key.name, "-days", "30", "-subj", "/CN=localhost",
                         "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-out", certificate.name)
            else:
                self._sign(variant, certificate.name, key.name)
        return certificate, key

    def _sign(self, variant, certificate, key):
        subject = "/CN=other.example.test" if variant == "wronghost" else "/CN=localhost"
        names = "DNS:other.example.test" if variant in ("wronghost", "cn-only") else "DNS:localhost,IP:127.0.0.1"
        dates = ["-startdate", "20200101000000Z", "-enddate", "20210101000000Z"] if variant == "expired" else ["-days", "30"]
        (self.folder / "issued.db").write_text("")
        (self.folder / "ca.cnf").write_text(
            _CA_CONFIG + f"[server]\nbasicConstraints = CA:FALSE\nextendedKeyUsage = serverAuth\nsubjectAltName = {names}\n")
        _openssl(self.folder, "req", "-new", "-key", key, "-subj", subject, "-out", "request.csr")
        # `openssl ca`, because `openssl x509` cannot sign for a time that is over.
        _openssl(self.folder, "ca", "-batch", "-notext", "-config", "ca.cnf", "-extensions", "server", "-cert", "ca.pem",
                 "-keyfile", "ca.key", "-in", "request.csr", "-out", certificate, *dates)
