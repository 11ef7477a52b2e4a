# An AWS server whose answers come from the models of the API alone.
#
# Python imports this file by itself, as the module sitecustomize, when moto_server is started with it on PYTHONPATH: so it runs
# in the interpreter that the emulator was installed for, and that has botocore, with the models of all services. It takes the
# place of the emulator's main function, command line included.
#
# A request says in the header X-Auditpack-Operation which operation it asks for ("lambda:ListFunctions"). The answer has every
# member of the operation's output, on the wire as the operation's protocol asks for; the values tell by which member they stand
# and are the same in every run. An operation that answers in pages has two: two list items and a token, then two others.
# GET /expected?service=…&operation=…[&page=2] gives, as JSON, what botocore, the library below the AWS command line, reads
# from that very answer. GET /ask?endpoint=…&region=…&service=…&operation=…&input=… lets botocore ask another endpoint, such as the
# emulator's, and gives what it reads from the answer.
#
# What it proves: that a reader which takes an answer apart as botocore does gets the same members and values, over all pages,
# and loses none. What it does not prove: that AWS answers so. Members of one answer need not fit each other, the error answers
# and the absence of members are not tried, of a union only one member is seen, and nothing that was asked for is looked at.

import base64
import binascii
import datetime
import functools
import http.server
import json
import os
import re
import struct
import sys
import threading
import traceback
import urllib.parse
from xml.sax.saxutils import escape, quoteattr

import botocore.exceptions
import botocore.loaders
import botocore.model
import botocore.parsers
import botocore.session
from botocore import xform_name
from botocore.compat import HTTPHeaders

ACCOUNT = "123456789012"
REGION = "us-east-1"
TOKEN = "auditpack-page-2"  # asks for the second page
START = datetime.datetime(2026, 1, 2, 3, 4, 5, tzinfo=datetime.timezone.utc)
DEEPEST = 24
XSI = "http://www.w3.org/2001/XMLSchema-instance"

TOKEN_NAMES = {"nexttoken", "nextpagetoken", "marker", "nextmarker", "paginationtoken", "continuationtoken", "nextcontinuationtoken",
               "position", "nextpage", "pagetoken", "token", "nextpagemarker"}
MORE_NAMES = {"istruncated", "truncated", "hasmoreresults", "hasmore", "hasmoretags"}


class Refused(Exception):
    """What the client did wrong."""


# --- models ---------------------------------------------------------------------------------------------------------------


class Models:
    """The models of services, each read once."""

    def __init__(self):
        self.loader = botocore.loaders.Loader()
        self.lock = threading.Lock()
        self.services = {}

    def service(self, name):
        with self.lock:
            if name not in self.services:
                try:
                    model = botocore.model.ServiceModel(self.loader.load_service_model(name, "service-2"), name)
                except botocore.exceptions.UnknownServiceError:
                    raise Refused(f"botocore has no service {name}")
                try:
                    pages = self.loader.load_service_model(name, "paginators-1")["pagination"]
                except botocore.exceptions.DataNotFoundError:
                    pages = {}
                self.services[name] = model, pages
            return self.services[name]

    def operation(self, service, operation):
        model, pages = self.service(service)
        if operation not in model.operation_names:
            raise Refused(f"{service} has no operation {operation}")
        op = model.operation_model(operation)
        return op, Pages(op, pages.get(operation))


def listed(value):
    return value if isinstance(value, list) else [value]


class Pages:
    """Which members of an output say that there is a next page, and which hold the items; by their paths."""

    def __init__(self, op, paginator):
        self.tokens, self.more, self.results = set(), set(), set()
        members = op.output_shape.members if op.output_shape else {}
        if paginator:
            for expression in listed(paginator["output_token"]):
                path = expression.split("||")[0].strip()
                if "[" not in path:
                    self.tokens.add(tuple(path.split(".")))
            if "more_results" in paginator:
                self.more.add(tuple(paginator["more_results"].split(".")))
            for expression in listed(paginator.get("result_key", [])):
                self.results.add(tuple(expression.split(".")))
        elif op.input_shape and any(name.lower() in TOKEN_NAMES for name in op.input_shape.members):
            self.tokens = {(name,) for name in members if name.lower() in TOKEN_NAMES}
            if self.tokens:
                self.results = {(name,) for name, shape in members.items() if shape.type_name in ("list", "map")}
        # Where the next page is asked for by the last item of this one, there is only one.
        self.more |= {(name,) for name in members if name.lower() in MORE_NAMES}
        # A map whose keys are words from a list could have the same key on two pages, which AWS's never has.
        maps = [members[path[0]] for path in self.results if path[0] in members and members[path[0]].type_name == "map"]
        self.paged = bool(self.tokens) and not any(getattr(each.key, "enum", None) for each in maps)


# --- values ---------------------------------------------------------------------------------------------------------------


def number(*path):
    return binascii.crc32("/".join(map(str, path)).encode())


def candidates(name, text, salt, n):
    """Texts of the forms that AWS's patterns ask for."""
    hexes = "%08x" % n
    yield text
    yield text.lower()
    yield text.replace("-", "")
    yield str(n % 90 + 10)
    yield "1.0"
    yield "1.0.0"
    yield str(111111111110 + salt)
    yield "%s-1111-4222-8333-%s%04d" % (hexes, hexes, salt)
    yield "arn:aws:iam::%s:role/%s" % (ACCOUNT, text)
    yield "vpc-%s%09d" % (hexes, salt)
    yield "%s%s%s%08d" % (hexes, hexes, hexes, salt)
    yield "10.0.0.%d" % salt
    yield "10.0.%d.0/24" % salt
    yield "https://%s.example.com/" % text
    yield "s3://%s/" % text
    yield "/" + text
    yield text + ".example.com"
    yield text + "@example.com"
    yield "r-%04d" % salt
    yield "ou-%04d-%s" % (salt, hexes)
    yield "o-%s%02d" % (hexes, salt)
    yield REGION
    yield REGION + "a"
    yield "2026-01-02T03:04:05Z"


class Builder:
    """Makes the value of one operation's output."""

    def __init__(self, op, pages, page):
        self.op, self.pages, self.page = op, pages, page
        self.service = op.service_model.service_name

    def output(self):
        shape = self.op.output_shape
        return {} if shape is None else self.structure(shape, (), 0, ())

    def value(self, shape, path, salt, stack):
        method = getattr(self, shape.type_name, None)
        if method is None:
            return self.numeric(shape, path, salt)
        return method(shape, path, salt, stack)

    def structure(self, shape, path, salt, stack):
        if getattr(shape, "is_document_type", False):
            return {"document": self.text("Document", salt), "list": [1, True]}
        members = list(shape.members.items())
        inside = stack + (shape.name,)
        if getattr(shape, "is_tagged_union", False):
            members = [m for m in members if not self.recursive(m[1], inside)] or members
            members = [members[max(salt - 1, 0) % len(members)]]
        out = {}
        for name, member in members:
            at = path + (name,)
            if at in self.pages.tokens or at in self.pages.more:
                value = self.turn(member, at)
            elif self.recursive(member, inside):
                value = None
            else:
                value = self.value(member, at, salt, inside)
            if value is not None:
                out[name] = value
        return out

    def recursive(self, shape, stack):
        """Reports whether a member leads back to a structure that it stands in."""
        while shape.type_name in ("list", "map"):
            shape = shape.member if shape.type_name == "list" else shape.value
        return shape.name in stack or len(stack) > DEEPEST

    def turn(self, shape, path):
        """The value of a member that says whether there is a next page."""
        last = self.page == 2 or not self.pages.paged
        if shape.type_name == "boolean":
            return not last
        if last:
            return None
        if shape.type_name == "string":
            return shape.enum[0] if getattr(shape, "enum", None) else TOKEN
        return self.value(shape, path, 0, ())

    def items(self, path, salt):
        """How the items of a list or map differ: by their place in all pages, or by what they stand in."""
        if self.pages.paged and path in self.pages.results:
            return [2 * self.page - 1, 2 * self.page]
        return [salt or 1]

    def list(self, shape, path, salt, stack):
        return [self.value(shape.member, path, s, stack) for s in self.items(path, salt)]

    def map(self, shape, path, salt, stack):
        keys = shape.key
        out = {}
        for s in self.items(path, salt):
            key = keys.enum[(s - 1) % len(keys.enum)] if getattr(keys, "enum", None) else self.text("key", s)
            out[key] = self.value(shape.value, path, s, stack)
        return out

    def boolean(self, shape, path, salt, stack):
        return True

    def timestamp(self, shape, path, salt, stack):
        return START + datetime.timedelta(seconds=number(*path, salt) % 86400)

    def blob(self, shape, path, salt, stack):
        return self.text(path[-1], salt).encode()

    def numeric(self, shape, path, salt):
        low = int(shape.metadata.get("min", 1))
        n = low + number(*path, salt) % 90
        if "max" in shape.metadata:
            n = min(n, int(shape.metadata["max"]))
        return n + 0.5 if shape.type_name in ("float", "double") else n

    def text(self, name, salt):
        # No text is long and varied enough to be taken for a secret.
        short = re.sub(r"[^A-Za-z0-9]", "", name)[-11:]
        return f"{short}-{salt}" if salt else short

    def string(self, shape, path, salt, stack):
        name = path[-1] if path else shape.name
        lower = name.lower()
        if getattr(shape, "enum", None):
            return shape.enum[0]
        text = self.text(name, salt)
        pattern = shape.metadata.get("pattern")
        if lower.endswith("arn") or lower.endswith("arns") or shape.name.lower().endswith("arn"):
            return "arn:aws:%s:%s:%s:%s/%s" % (self.service, REGION, ACCOUNT, re.sub(r"arns?$", "", lower) or "resource", text)
        if lower in ("account", "owner", "accountid", "ownerid", "awsaccountid", "owneraccount", "owneraccountid"):
            return ACCOUNT
        if lower in ("maxitems", "maxresults", "maxrecords"):  # a number that the model writes as text
            return "100"
        if lower in ("region", "regionname", "homeregion", "awsregion"):
            return REGION
        if lower in ("policy", "policydocument", "assumerolepolicydocument", "resourcepolicy", "policytext"):
            return '{"Version":"2012-10-17","Statement":[]}'
        if getattr(shape, "serialization", {}).get("jsonvalue") or shape.metadata.get("jsonvalue"):
            return text
        if pattern:
            text = self.matching(pattern, shape, name, text, salt, number(*path, salt))
        low, high = int(shape.metadata.get("min", 0)), int(shape.metadata.get("max", 1 << 20))
        if len(text) < low <= 256:
            text += "x" * (low - len(text))
        return text[-high:] if high else text

    def matching(self, pattern, shape, name, text, salt, n):
        try:
            matches = re.compile(pattern)
        except (re.error, OverflowError):  # written for another engine
            return text
        low, high = int(shape.metadata.get("min", 0)), int(shape.metadata.get("max", 1 << 20))
        for c in candidates(name, text, salt, n):
            padded = c + "x" * (low - len(c)) if low <= 256 else c
            for form in (c, padded):
                if low <= len(form) <= high and matches.fullmatch(form):
                    return form
        return text


# --- the wire -------------------------------------------------------------------------------------------------------------


def timestamp(value, form):
    if form == "iso8601":
        return value.strftime("%Y-%m-%dT%H:%M:%SZ")
    if form == "rfc822":
        return value.strftime("%a, %d %b %Y %H:%M:%S GMT")
    return int(value.timestamp())


def scalar(shape, value, form):
    """A value as the text of a header or of an XML element."""
    if shape.type_name == "boolean":
        return "true" if value else "false"
    if shape.type_name == "timestamp":
        return str(timestamp(value, shape.serialization.get("timestampFormat", form)))
    if shape.type_name == "blob":
        return base64.b64encode(value).decode()
    return str(value)


def to_json(shape, value):
    kind = shape.type_name
    if kind == "structure":
        if getattr(shape, "is_document_type", False):
            return value
        return {shape.members[m].serialization.get("name", m): to_json(shape.members[m], v) for m, v in value.items()}
    if kind == "list":
        return [to_json(shape.member, v) for v in value]
    if kind == "map":
        return {k: to_json(shape.value, v) for k, v in value.items()}
    if kind == "timestamp":
        return timestamp(value, shape.serialization.get("timestampFormat", "unixtimestamp"))
    if kind == "blob":
        return base64.b64encode(value).decode()
    return value


def to_cbor(value):
    def head(major, n):
        for code, form in ((24, ">BB"), (25, ">BH"), (26, ">BI"), (27, ">BQ")):
            if n < 24:
                return bytes([major << 5 | n])
            if n < 1 << 8 * (1 << code - 24):
                return struct.pack(form, major << 5 | code, n)

    if isinstance(value, bool):
        return b"\xf5" if value else b"\xf4"
    if isinstance(value, int):
        return head(0, value) if value >= 0 else head(1, -1 - value)
    if isinstance(value, float):
        return b"\xfb" + struct.pack(">d", value)
    if isinstance(value, datetime.datetime):
        return b"\xc1" + b"\xfb" + struct.pack(">d", value.timestamp())
    if isinstance(value, bytes):
        return head(2, len(value)) + value
    if isinstance(value, str):
        return head(3, len(value.encode())) + value.encode()
    if isinstance(value, list):
        return head(4, len(value)) + b"".join(map(to_cbor, value))
    return head(5, len(value)) + b"".join(to_cbor(k) + to_cbor(v) for k, v in value.items())


def element(name, content, attributes=""):
    return f"<{name}{attributes}>{content}</{name}>"


def to_xml(shape, value, name):
    """The elements for a value that is called name where it stands."""
    kind = shape.type_name
    if kind == "structure":
        content, attributes = members_xml(shape, value)
        return element(name, content, attributes)
    if kind == "list":
        inner = shape.member.serialization.get("name")
        if shape.serialization.get("flattened"):
            return "".join(to_xml(shape.member, v, inner or name) for v in value)
        return element(name, "".join(to_xml(shape.member, v, inner or "member") for v in value))
    if kind == "map":
        key, val = shape.key.serialization.get("name", "key"), shape.value.serialization.get("name", "value")
        entries = [to_xml(shape.key, k, key) + to_xml(shape.value, v, val) for k, v in value.items()]
        if shape.serialization.get("flattened"):
            return "".join(element(name, e) for e in entries)
        return element(name, "".join(element("entry", e) for e in entries))
    return element(name, escape(scalar(shape, value, "iso8601")))


def members_xml(shape, value):
    content, attributes = "", ""
    for member, v in value.items():
        s = shape.members[member]
        if s.serialization.get("location"):
            continue
        name = s.serialization.get("name", member)
        if s.serialization.get("xmlAttribute"):
            if name.startswith("xsi:"):
                attributes += f' xmlns:xsi="{XSI}"'
            attributes += f" {name}={quoteattr(str(v))}"
        else:
            content += to_xml(s, v, name)
    return content, attributes


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body


def serialize(op, protocol, value, request_id):
    shape = op.output_shape
    namespace = op.service_model.metadata.get("xmlNamespace", "")
    xmlns = f' xmlns="{namespace}"' if namespace else ""
    if protocol == "json":
        version = op.service_model.metadata.get("jsonVersion", "1.1")
        body = json.dumps(to_json(shape, value) if shape else {})
        return Answer(200, {"Content-Type": f"application/x-amz-json-{version}"}, body.encode())
    if protocol == "smithy-rpc-v2-cbor":
        return Answer(200, {"Content-Type": "application/cbor", "smithy-protocol": "rpc-v2-cbor"}, to_cbor(value))
    if protocol in ("query", "ec2"):
        content = members_xml(shape, value)[0] if shape else ""
        if protocol == "ec2":
            content = element("requestId", request_id) + content
        else:
            if shape and "resultWrapper" in shape.serialization:
                content = element(shape.serialization["resultWrapper"], content)
            content += element("ResponseMetadata", element("RequestId", request_id))
        return Answer(200, {"Content-Type": "text/xml"}, element(op.name + "Response", content, xmlns).encode())
    return rest(op, protocol, value, xmlns)


def rest(op, protocol, value, xmlns):
    shape = op.output_shape
    answer = Answer(op.http.get("responseCode", 200), {}, b"")
    if shape is None:
        return answer
    body = {}
    for name, v in value.items():
        s = shape.members[name]
        location, wire = s.serialization.get("location"), s.serialization.get("name", name)
        if location == "statusCode":
            answer.status = value[name] = op.http.get("responseCode", 200)
        elif location == "header":
            answer.headers[wire] = ",".join(v) if s.type_name == "list" else scalar(s, v, "rfc822")
        elif location == "headers":
            for key, each in v.items():
                answer.headers[wire + key] = each
        else:
            body[name] = v
    json_body = protocol == "rest-json"
    answer.headers["Content-Type"] = "application/json" if json_body else "application/xml"
    payload = shape.serialization.get("payload")
    if payload:
        s = shape.members[payload]
        v = value.get(payload)
        if s.type_name in ("blob", "string"):
            answer.headers["Content-Type"] = "application/octet-stream"
            answer.body = v if isinstance(v, bytes) else str(v).encode()
        elif json_body:
            answer.body = json.dumps(to_json(s, v)).encode()
        else:
            answer.body = to_xml(s, v, s.serialization.get("name", payload)).encode()
    elif json_body:
        answer.body = json.dumps(to_json(shape, body)).encode()
    elif op.name == "GetBucketLocation":  # the one answer whose root element is its only member
        answer.body = element("LocationConstraint", value["LocationConstraint"], xmlns).encode()
    elif body or protocol == "rest-xml":
        root = shape.serialization.get("name", shape.name)
        answer.body = element(root, members_xml(shape, body)[0], xmlns).encode()
    return answer


def parse(op, protocol, answer):
    """What botocore reads from an answer."""
    headers = HTTPHeaders()
    for name, v in answer.headers.items():
        headers[name] = v
    parser = botocore.parsers.create_parser(protocol)
    out = parser.parse({"status_code": answer.status, "headers": headers, "body": answer.body}, op.output_shape)
    if op.service_model.service_name == "s3" and op.name == "GetBucketLocation":  # botocore has a handler of its own for it
        out["LocationConstraint"] = re.search(b">([^<]*)<", answer.body).group(1).decode()
    out.pop("ResponseMetadata", None)
    return out


# --- the server -----------------------------------------------------------------------------------------------------------


def plain(value):
    """A parsed answer as JSON can hold it."""
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    if isinstance(value, datetime.datetime):
        return value.astimezone(datetime.timezone.utc).replace(tzinfo=None).isoformat() + "Z"
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return value


def difference(a, b, path=""):
    """Where two plain values differ, or None."""
    if isinstance(a, dict) and isinstance(b, dict):
        for key in sorted(a.keys() | b.keys()):
            if key not in a or key not in b:
                return f"{path}.{key} is in one of them"
            if (found := difference(a[key], b[key], f"{path}.{key}")) is not None:
                return found
        return None
    if isinstance(a, list) and isinstance(b, list) and len(a) == len(b):
        for i, (x, y) in enumerate(zip(a, b)):
            if (found := difference(x, y, f"{path}[{i}]")) is not None:
                return found
        return None
    return None if a == b else f"{path}: {a!r:.80} and {b!r:.80}"


@functools.lru_cache
def client_of(service, region, endpoint):
    return botocore.session.Session().create_client(
        service, region_name=region, endpoint_url=endpoint, aws_access_key_id="AKIAIOSFODNN7EXAMPLE", aws_secret_access_key="example-secret")


def ask(query):
    """What botocore reads from the answer of another endpoint, with all that its clients do to an answer."""
    client = client_of(query["service"], query["region"], query["endpoint"])
    out = getattr(client, xform_name(query["operation"]))(**json.loads(query["input"]))
    out.pop("ResponseMetadata", None)
    return Answer(200, {"Content-Type": "application/json"}, json.dumps({"data": plain(out)}, separators=(",", ":")).encode())


class Service:
    """All that the server knows how to say."""

    def __init__(self):
        self.models = Models()
        self.lock = threading.Lock()
        self.made = {}

    def protocols(self, op):
        metadata = op.service_model.metadata
        return metadata.get("protocols") or [metadata["protocol"]]

    def protocol(self, op, headers=None):
        """The protocol of a request; without one, the first that is text."""
        declared = self.protocols(op)
        if headers is not None:
            content = headers.get("Content-Type", "")
            asked = None
            if headers.get("smithy-protocol") == "rpc-v2-cbor":
                asked = "smithy-rpc-v2-cbor"
            elif headers.get("X-Amz-Target"):
                asked = "json"
            elif content.startswith("application/x-www-form-urlencoded"):
                asked = "ec2" if "ec2" in declared else "query"
            if asked:
                return asked
        return [p for p in declared if p != "smithy-rpc-v2-cbor"][0]

    def answer(self, service, operation, protocol_of, page):
        """The answer, made once, and what botocore reads from it."""
        op, pages = self.models.operation(service, operation)
        if not pages.paged:
            page = 1
        protocol = protocol_of(op)
        key = service, operation, protocol, page
        with self.lock:
            if key not in self.made:
                request_id = "model-%08x-%d" % (number(service, operation), page)
                value = Builder(op, pages, page).output()
                answer = serialize(op, protocol, value, request_id)
                answer.headers["x-amzn-RequestId"] = answer.headers["x-amz-request-id"] = request_id
                expected = plain(parse(op, protocol, answer)) if op.output_shape else {}
                # An answer that lost something on its way out would prove nothing.
                lost = difference(plain(value), expected)
                self.made[key] = answer, expected, lost, pages.paged
            return self.made[key]


SERVICE = Service()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def handle_any(self):
        try:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            url = urllib.parse.urlsplit(self.path)
            if url.path == "/expected" and "X-Auditpack-Operation" not in self.headers:
                self.send(self.expected(dict(urllib.parse.parse_qsl(url.query))))
            elif url.path == "/ask" and "X-Auditpack-Operation" not in self.headers:
                self.send(ask(dict(urllib.parse.parse_qsl(url.query))))
            elif "X-Auditpack-Operation" in self.headers:
                self.send(self.answer(body))
            else:
                raise Refused("the header X-Auditpack-Operation is missing")
        except Refused as e:
            self.send(self.error(400, str(e)))
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True
        except Exception as e:
            traceback.print_exc()
            self.send(self.error(500, f"{type(e).__name__}: {e}"))

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = do_PATCH = handle_any

    def answer(self, body):
        service, _, operation = self.headers["X-Auditpack-Operation"].partition(":")
        page = 2 if TOKEN.encode() in body or TOKEN in self.path or any(TOKEN in v for v in self.headers.values()) else 1
        return SERVICE.answer(service, operation, lambda op: SERVICE.protocol(op, self.headers), page)[0]

    def expected(self, query):
        missing = {"service", "operation"} - query.keys()
        if missing:
            raise Refused(f"missing: {', '.join(sorted(missing))}")
        page = int(query.get("page", "1"))
        _, data, lost, paged = SERVICE.answer(query["service"], query["operation"],
                                              lambda op: query.get("protocol") or SERVICE.protocol(op), page)
        if lost:
            return self.error(500, f"the answer of {query['service']}:{query['operation']} does not say what it should: {lost}")
        body = {"pages": 2 if paged else 1, "data": data}
        return Answer(200, {"Content-Type": "application/json"}, json.dumps(body).encode())

    @staticmethod
    def error(status, message):
        body = json.dumps({"__type": "ModelError", "message": message}).encode()
        return Answer(status, {"Content-Type": "application/json", "x-amzn-ErrorType": "ModelError", "x-amzn-RequestId": "model"}, body)

    def send(self, answer):
        self.send_response(answer.status)  # writes Date too
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


def main(argv=None):
    """Takes the emulator's command line: -H host -p port."""
    arguments = argv or sys.argv[1:]
    given = dict(zip(arguments[::2], arguments[1::2]))
    for name in [n for n in os.environ if n.startswith("AWS_")]:  # the tests' own, for another client
        del os.environ[name]
    os.environ["AWS_CONFIG_FILE"] = os.environ["AWS_SHARED_CREDENTIALS_FILE"] = os.devnull
    Server((given["-H"], int(given["-p"])), Handler).serve_forever()


def install():
    import moto.server

    moto.server.main  # a release without it fails here, and not by serving as the emulator does
    moto.server.main = main


if __name__ == "sitecustomize":
    try:
        install()
    except BaseException:
        traceback.print_exc()
        os._exit(1)
elif __name__ == "__main__":
    main()
