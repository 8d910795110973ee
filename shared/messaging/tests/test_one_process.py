"""All parts of both toys in one cooperative process, as the embedded suite has them; once more over RabbitMQ."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

SUITE = """
import eventlet; eventlet.monkey_patch()
import json, sys, threading, time
from pathlib import Path
from nameko.containers import ServiceContainer
from shared.ids import new_id
from shared.messaging.filler import Filler
from shared.messaging.listener import Listener
from shared.messaging.relay import Relay
from shared.messaging.rpc import RpcPool
from shared.messaging.transport import connection, nameko_config
from shared.runners.clockwork import Clockwork
from shared.runners.door import BUILT
from shared.runners.follower import Follower
from shared.testing.toy_services import ToyHouse

url, folder = sys.argv[1:]
house = ToyHouse.on_sqlite(Path(folder))
alpha, beta = house.toys["alpha"], house.toys["beta"]
stop, rpc = threading.Event(), RpcPool(nameko_config(url))
containers = []
for toy in (alpha, beta):
    container = ServiceContainer(toy.service.parts.door, {**nameko_config(url), BUILT: toy.service})
    container.start()
    containers.append(container)
parts = [
    lambda: Relay(alpha.service, connection(url), alpha.relay_woken, alpha.relay_grown).run(stop),
    lambda: Follower(alpha.service, alpha.follower_woken, alpha.follower_grown).run(stop),
    lambda: Clockwork(alpha.service).run(stop),
    lambda: Listener(beta.service, house.lanes(), connection(url), stop).run(),
    lambda: Filler(beta.service, house.lanes(), rpc).run(stop),
]
threads = [threading.Thread(target=part, daemon=True) for part in parts]
for thread in threads:
    thread.start()

tenants = [new_id() for _ in range(3)]
numbers = list(range(20))
refused = rpc.call("alpha", "ring", "no token", {}, timeout=10)
for number in numbers:
    for tenant in tenants:
        payload = {"command_id": str(new_id()), "data": {"number": 100 + number}}
        answer = rpc.call("alpha", "ring", house.token(tenant), payload, timeout=10)
        assert answer["ok"], answer
ends = time.monotonic() + 60
while time.monotonic() < ends and not all(house.lane(tenant) == 20 for tenant in tenants):
    time.sleep(0.02)
while time.monotonic() < ends and not all(house.position(tenant) == 20 for tenant in tenants):
    time.sleep(0.02)
result = {
    "refused": refused["kind"],
    "heard": [house.heard(tenant) for tenant in tenants],
    "projected": [len(house.bells(tenant)) for tenant in tenants],
}
stop.set()
for container in containers:
    container.stop()
for thread in threads:
    thread.join(10)
result["still_running"] = sum(thread.is_alive() for thread in threads)
print(json.dumps(result))
"""


@pytest.mark.parametrize("broker", ["in_process_broker", "toy_broker"])
def test_everything_said_over_rpc_is_heard_and_projected(
    broker: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """Sixty bells rung by RPC under tokens: beta hears all in order, alpha's rows follow, every part ends when told."""
    url = request.getfixturevalue(broker)
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", SUITE, url, str(tmp_path / "toys")],
        capture_output=True,
        check=False,
        timeout=180,
        env={**os.environ, "PSYCOPG_WAIT_FUNC": "wait_selector"},
    )
    assert done.returncode == 0, done.stderr.decode()
    result = json.loads(done.stdout.splitlines()[-1])
    assert result == {
        "refused": "token",
        "heard": [[100 + number for number in range(20)]] * 3,
        "projected": [20, 20, 20],
        "still_running": 0,
    }
