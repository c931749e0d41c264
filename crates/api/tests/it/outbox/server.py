"""A mail server for the tests: aiosmtpd, which tells on standard output what arrived, a JSON line a mail.

    server.py serve '{"port": 0, ...}'   until standard input ends; a line on it is answered by a line {"mark": ..}
    server.py read FILE                  what a mail program makes of a file

What it does with a recipient is said by the address: gone@ is refused for good, later@ the first time, spam@ after its
content was seen; from banned@ it takes nothing.
"""

import asyncio
import base64
import email
import email.policy
import json
import os
import ssl
import sys
import threading


def text_of(part):
    """What is no text is told in base64."""
    content = part.get_content()
    return content if isinstance(content, str) else base64.b64encode(content).decode()


def describe(data):
    mail = email.message_from_bytes(data, policy=email.policy.default)
    parts = [
        {"type": part.get_content_type(), "text": text_of(part), "name": part.get_filename()}
        for part in mail.walk()
        if not part.is_multipart()
    ]
    return {
        "headers": [[name, str(value)] for name, value in mail.items()],
        "kind": mail.get_content_type(),
        "parts": parts,
        "longest_line": max(len(line) for line in data.split(b"\n")),
        "defects": [str(defect) for part in mail.walk() for defect in part.defects],
    }


def tell(what):
    print(json.dumps(what), flush=True)


class Handler:
    def __init__(self):
        self.seen = set()
        self.connections = set()

    async def handle_MAIL(self, server, session, envelope, address, options):
        if address.startswith("banned@"):
            return "550 5.7.1 You may not send from here"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("gone"):
            return "550 5.1.1 No such mailbox"
        if address.startswith("later") and address not in self.seen:
            self.seen.add(address)
            return "451 4.7.1 Come back later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if any(address.startswith("spam") for address in envelope.rcpt_tos):
            return "554 5.7.1 We do not like this"
        self.connections.add(session.peer)
        tell(
            {
                "from": envelope.mail_from,
                "to": envelope.rcpt_tos,
                "tls": session.ssl is not None,
                "user": session.auth_data and session.auth_data.decode(),
                "connections": len(self.connections),
                "mail": describe(envelope.original_content),
            }
        )
        return "250 OK"

    async def handle_QUIT(self, server, session, envelope):
        tell({"quit": True})
        return "221 Bye"


def serve(options):
    from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

    tls = None
    if "certificate" in options:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(options["certificate"], options["key"])
    implicit = options.get("implicit", False)
    handler = Handler()

    def authenticate(server, session, envelope, mechanism, data):
        ok = isinstance(data, LoginPassword) and data.password.decode() == options["password"]
        return AuthResult(success=ok, handled=False, auth_data=data.login)

    def connection():
        return SMTP(
            handler,
            loop=loop,
            hostname="mail.test",
            enable_SMTPUTF8=True,
            tls_context=None if implicit else tls,
            require_starttls=tls is not None and not implicit,
            auth_required="password" in options,
            auth_require_tls=not implicit,
            auth_exclude_mechanism=options.get("without"),
            authenticator=authenticate if "password" in options else None,
        )

    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    listening = loop.run_until_complete(
        loop.create_server(connection, "127.0.0.1", options["port"], ssl=tls if implicit else None)
    )

    def obey():
        for line in sys.stdin:
            loop.call_soon_threadsafe(tell, {"mark": line.strip()})
        os._exit(0)

    threading.Thread(target=obey, daemon=True).start()
    tell({"port": listening.sockets[0].getsockname()[1]})
    loop.run_forever()


if __name__ == "__main__":
    if sys.argv[1] == "serve":
        serve(json.loads(sys.argv[2]))
    else:
        with open(sys.argv[2], "rb") as file:
            tell(describe(file.read()))
