# Makes a moto server judge every request by the caller's IAM policies, and write each judgement down.
#
# Python imports this file by itself, as the module sitecustomize, when it starts the server: so it runs in the interpreter
# that the server was installed for. The file corrections.json beside it says where the emulator's name for an action is not
# IAM's. The file decisions.log gets a line for each judgement: ALLOW or DENY, the action, the emulator's name for it, the
# resource.

import json
import os
import traceback
from xml.sax.saxutils import escape

HERE = os.path.dirname(os.path.abspath(__file__))

EC2_REFUSAL = "<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>%s</Message></Error></Errors><RequestID>0</RequestID></Response>"
XML_REFUSAL = "<ErrorResponse><Error><Code>AccessDenied</Code><Message>%s</Message></Error><RequestId>0</RequestId></ErrorResponse>"


def refuse(service, headers, message):
    """Raises the refusal in the shape of the request's protocol; the emulator's own is XML that no SDK finds a code in."""
    from werkzeug.exceptions import HTTPException

    refusal = HTTPException()
    refusal.code = 403
    if service == "ec2":
        refusal.description = EC2_REFUSAL % escape(message)
    elif service == "s3" or headers.get("Content-Type", "").startswith("application/x-www-form-urlencoded"):
        refusal.description = XML_REFUSAL % escape(message)
    else:
        refusal.description = json.dumps({"__type": "AccessDeniedException", "message": message})
        if "X-Amz-Target" in headers:
            refusal.code = 400
    raise refusal


def install():
    import moto.account.responses
    import moto.account.urls
    import moto.securityhub.responses
    import moto.securityhub.urls
    from moto.iam.access_control import IAMRequest, IAMRequestBase

    # A request that has no route ends before it is judged. With a route it is judged first; there is still no answer to it.
    moto.account.urls.url_paths["{0}/getContactInformation$"] = moto.account.responses.AccountResponse.dispatch
    moto.securityhub.urls.url_paths["{0}/standards/get$"] = moto.securityhub.responses.SecurityHubResponse.dispatch

    with open(os.path.join(HERE, "corrections.json"), encoding="utf-8") as file:
        corrections = json.load(file)
    log = os.open(os.path.join(HERE, "decisions.log"), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    # Naming all that is replaced makes a release without one of them fail here, and not pass unjudged.
    judge, _, _ = IAMRequestBase.check_action_permitted, IAMRequestBase.check_signature, IAMRequest._raise_access_denied

    def check_action_permitted(self, resource):
        named = self._action
        for c in corrections:
            if c["Emulator"] == named and c["URL"] in self._path:
                self._action = c["IAM"]
        verdict = "DENY"
        try:
            judge(self, resource)
            verdict = "ALLOW"
        finally:
            os.write(log, f"{verdict} {self._action} {named} {resource}\n".encode())

    def raise_access_denied(self):
        refuse(self._service, self._headers, f"User: {self._access_key.arn} is not authorized to perform: {self._action}")

    # The emulator compares the signature with one of its own making, which for many REST requests is wrong.
    IAMRequestBase.check_signature = lambda self: None
    IAMRequestBase.check_action_permitted = check_action_permitted
    IAMRequest._raise_access_denied = raise_access_denied


try:
    install()
except BaseException:
    # Python itself would go on without this module, and the server would judge by names that are not IAM's.
    traceback.print_exc()
    os._exit(1)
