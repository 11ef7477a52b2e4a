# The AWS command line, many commands in one go.
#
# Python imports this file by itself, as the module sitecustomize, when moto_server is started with it on PYTHONPATH: so it runs in
# the interpreter that the emulator was installed for. It takes the place of the emulator, runs what it reads from standard input
# and ends.
#
# Standard input is JSON: the endpoint that stands for AWS, and the script that `auditpack collect --from` writes. Of each line
# "ask FILE COMMAND…" the command is run as the shell would run it: what it prints becomes FILE, and what it says of an error
# FILE.err. Each request says in the header X-Auditpack-Operation what it is for, which FILE names, and goes to the endpoint, whatever
# host name the CLI would give it.

import functools
import io
import json
import os
import shlex
import sys
import traceback
import urllib.parse

PROCESSES = 4


def commands(script):
    for line in script.splitlines():
        if line.startswith("ask "):
            words = shlex.split(line)
            yield words[1], words[2:]


def driver(endpoint, asked):
    import awscli.clidriver
    import botocore.session

    # One client for each service and region, as if each process had only one command.
    create = botocore.session.Session.create_client
    clients = {}

    @functools.wraps(create)
    def cached(self, service_name, region_name=None, **settings):
        key = service_name, region_name
        if key not in clients:
            clients[key] = create(self, service_name, region_name=region_name, **settings)
        return clients[key]

    botocore.session.Session.create_client = cached

    def before_send(request, **_):
        host = urllib.parse.urlsplit(endpoint).netloc
        request.url = urllib.parse.urlsplit(request.url)._replace(scheme="http", netloc=host).geturl()
        request.headers["X-Auditpack-Operation"] = asked[0]

    cli = awscli.clidriver.create_clidriver()
    cli.session.register("before-send", before_send)
    return cli


def run(cli, asked, file, words):
    _, service, operation = file.split(".")[:3]
    asked[0] = service + ":" + operation
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2))
    was = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = out, err
    try:
        code = cli.main(words + ["--output", "json"])
    except SystemExit as e:
        code = e.code
    except BaseException:
        traceback.print_exc()
        code = 255
    finally:
        out.flush(), err.flush()
        sys.stdout, sys.stderr = was
    said = file + ".err"
    if code:
        with open(said, "wb") as f:
            f.write(err.buffer.getvalue())
        return
    with open(file, "wb") as f:
        f.write(out.buffer.getvalue() or b"{}\n")  # nothing is how it prints an answer without members
    if os.path.exists(said):
        os.remove(said)


def main():
    given = json.load(sys.stdin)
    for name in [n for n, value in os.environ.items() if n.startswith("AWS_") and not value]:  # botocore looks for a profile without a name
        del os.environ[name]
    todo, asked = list(commands(given["script"])), [""]
    cli = driver(given["endpoint"], asked)
    children = []
    for i in range(PROCESSES):
        child = os.fork()
        if child == 0:
            for file, words in todo[i::PROCESSES]:
                run(cli, asked, file, words)
            os._exit(0)
        children.append(child)
    for child in children:
        _, status = os.waitpid(child, 0)
        if status:
            raise RuntimeError(f"a process ended with status {status}")


if __name__ in ("sitecustomize", "__main__"):
    try:
        import awscli
    except ImportError as e:
        print(e, file=sys.stderr)
        os._exit(3)
    try:
        main()
    except BaseException:
        traceback.print_exc()
        os._exit(1)
    os._exit(0)
