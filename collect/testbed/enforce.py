# Makes a moto server judge every request by the caller's IAM policies, and write each judgement down.
#
# Python imports this file by itself, as sitecustomize, when it starts the server: so the interpreter is the one that the
# server is installed for. The file beside it, corrections.json, says where the emulator's name for an action is not IAM's;
# decisions.log receives one line for each judgement: ALLOW or DENY, the action, the emulator's name for it, the resource.

import json
import os
import traceback
from xml.sax.saxutils import escape

HERE = os.path.dirname(os.path.abspath(__file__))


def deny(service, headers, message):
    """Raises the refusal in the shape of the request's protocol: the emulator's own answer is XML that only S3 clients read."""
    from werkzeug.exceptions import HTTPException

    message = escape(message)
    refusal = HTTPException()
    refusal.code = 403
    if service == "ec2":
        refusal.description = (
            "<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>%s</Message></Error></Errors>"
            "<RequestID>refused</RequestID></Response>" % message
        )
    elif service == "s3" or headers.get("Content-Type", "").startswith("application/x-www-form-urlencoded"):
        refusal.description = (
            "<ErrorResponse><Error><Code>AccessDenied</Code><Message>%s</Message></Error>"
            "<RequestId>refused</RequestId></ErrorResponse>" % message
        )
    else:
        refusal.description = json.dumps({"__type": "AccessDeniedException", "message": message})
    raise refusal


def install():
    import moto.account.urls
    import moto.account.responses
    import moto.securityhub.urls
    import moto.securityhub.responses
    from moto.iam.access_control import IAMRequest, IAMRequestBase

    # Requests without a route end before anybody asks whether they are allowed. With one they are judged, and then end.
    moto.account.urls.url_paths["{0}/getContactInformation$"] = moto.account.responses.AccountResponse.dispatch
    moto.securityhub.urls.url_paths["{0}/standards/get$"] = moto.securityhub.responses.SecurityHubResponse.dispatch

    with open(os.path.join(HERE, "corrections.json"), encoding="utf-8") as file:
        corrections = json.load(file)
    log = os.open(os.path.join(HERE, "decisions.log"), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
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
        deny(self._service, self._headers, f"User: {self._access_key.arn} is not authorized to perform: {self._action}")

    # The emulator signs a request again to compare, and gets REST requests of this SDK wrong.
    IAMRequestBase.check_signature = lambda self: None
    IAMRequestBase.check_action_permitted = check_action_permitted
    IAMRequest._raise_access_denied = raise_access_denied


try:
    install()
except BaseException:
    # Python would go on without this module, and the server would allow everything.
    traceback.print_exc()
    os._exit(1)
