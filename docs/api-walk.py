"""A proposal from its first sentence to what was learned from it, by nothing but the published document and a token.

    TOKEN=… python3 docs/api-walk.py https://beteiligung.example.org my-process

The token belongs to somebody who may write there and speaks for the office, and opens `contribute` and `office`.
"""

# fmt: off
import json
import os
import sys
import urllib.request

CITY, PROCESS = sys.argv[1], sys.argv[2]


def send(method, address, body=None):
    head = {"Authorization": f"Bearer {os.environ['TOKEN']}", "Content-Type": "application/json"}
    head["Idempotency-Key"] = os.urandom(8).hex()
    data = None if body is None else json.dumps(body).encode()
    with urllib.request.urlopen(urllib.request.Request(CITY + address, data, head, method=method)) as answer:
        return json.load(answer)


document = send("GET", "/api/v1/openapi.json")
known = {
    operation["operationId"]: (method.upper(), address)
    for address, methods in document["paths"].items()
    for method, operation in methods.items()
}


def call(operation, body=None, query="", **values):
    method, address = known[operation]
    return send(method, address.format(**values) + query, body)


place = call("readProcess", slug=PROCESS)["places"][0]
text = {"title": "A bench in the shade", "summary": "One bench under the lime tree.", "body": "To rest on the way."}
new = text | {"theme": "green", "place": place, "language": "en"}
receipt = call("propose", new, slug=PROCESS)["receipt"]
call("revise", text | {"summary": "Two benches.", "note": "One is too few.", "seen": 1}, receipt=receipt)
call("support", receipt=receipt)
call("comment", {"text": "With a backrest, please.", "language": "en"}, receipt=receipt)
call("assess", {"verdict": "feasible", "cost": "1800", "reason_de": "Das geht."}, receipt=receipt)
step = {"step1_de": "Bestellen", "step1_due": "2099-03-01"}
promise = {"promise": True, "title_de": "Zwei Bänke", "due": "2099-05-01"} | step
yes = {"status": "accepted", "reason_code": "doable", "reason_de": "Wir bauen sie."}
commitment = call("answer", yes | promise, receipt=receipt)["commitment"]
call("completeStep", {"spent": "900"}, id=commitment["id"], number=commitment["steps"][0]["number"])
call("deliver", {"spent": "1750", "text_de": "Sie stehen."}, id=commitment["id"])
call("evaluate", {"text_de": "Sie werden genutzt."}, id=commitment["id"])
line = call("readProposal", query="?include=line", receipt=receipt)["line"]
print(receipt, *(move["stage"] for move in line))
