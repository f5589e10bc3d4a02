"""Everything one source gives in one tick: fetched, kept, parsed, counted.

Endpoints are asked one after the other; what one gave counts whether or not
the next one fails.
"""

from typing import NamedTuple
from urllib.parse import urlsplit

from collection.archive import Archive, bodies
from collection.fetch import Fetch, Limits, Slots
from collection.plan import Plan, Work
from collection.run import Collected, Run, note_defect
from collection.source import Endpoint, Source
from collection.store.runs import Validators
from common.errors import Fatal, Retryable
from common.log import Logger
from common.models import Parsable
from common.ports import Bucket, Clock

# A host that takes or wants longer is left alone for the tick.
TOO_LONG = Limits().longest_wait_seconds


class Gatherer(NamedTuple):
    """What gathering needs of the outside."""

    fetch: Fetch
    raw: Bucket
    clock: Clock
    log: Logger

    async def gather(self, plan: Plan, slots: Slots, tick: int) -> Collected:
        """Ask a source everything that is due of it."""
        began = self.clock()
        run = Run(plan.source.name, started_at=int(began))
        collected = Collected(plan.source, run, [], [], slots)
        if plan.off:
            run.state, run.reason = "off", plan.off
            return collected
        if plan.held:
            run.degrade(plan.held)
            run.not_before = plan.not_before
            return collected
        archive = Archive(plan.source.name, tick, run.started_at)
        unwell: set[str] = set()
        for work in plan.works:
            host = urlsplit(work.endpoint.url).netloc
            if host in unwell:
                continue  # it just failed to answer; what it was asked for stays due
            validators = await self._work(work, collected, archive, tick, unwell, plan.probe)
            if validators is not None:
                collected.succeeded.append((work.endpoint.name, validators))
            elif plan.probe:
                break
        try:
            await archive.keep(self.raw)
        except Retryable as error:
            # The archive is for replays; the tick itself does not depend on it.
            self.log("warning", "raw bodies not kept", source=run.source, reason=str(error))
        run.milliseconds = max(0, round((self.clock() - began) * 1000))
        return collected

    async def _work(
        self,
        work: Work,
        collected: Collected,
        archive: Archive,
        tick: int,
        unwell: set[str],
        probing: bool,
    ) -> Validators | None:
        """Ask one endpoint all its addresses; return their validators, None when it failed."""
        endpoint, run = work.endpoint, collected.run
        validators: Validators = {}
        for call in work.calls:
            try:
                probe = probing and not run.fetched and not run.not_modified
                ask = call.ask._replace(probe=probe)
                reply = await self.fetch.get(ask, run.usage, collected.slots)
            except (Fatal, Retryable) as error:
                run.degrade(f"{endpoint.name}: {error}")
                if isinstance(error, Retryable):
                    run.wait(tick, error.retry_after)
                    if (error.retry_after or 0) > TOO_LONG:
                        unwell.add(urlsplit(endpoint.url).netloc)
                return None
            except Exception as error:  # noqa: BLE001 - one defect must not cost the others
                note_defect(run, endpoint.name, error, self.log)
                return None
            validators[call.digest] = reply.validators
            if reply.body is None:
                run.not_modified += 1
                continue
            archive.add(endpoint.name, call.number, reply.body)
            rows = self._take(endpoint, call.number, reply.body, collected, tick)
            if rows is None:
                return None
            if not rows and endpoint.paged:
                break  # behind the last page there is nothing
        return validators

    def _take(
        self, endpoint: Endpoint, number: int, body: bytes, collected: Collected, tick: int
    ) -> list[Parsable] | None:
        """Parse one body into `collected`; None when it is not what was asked for."""
        run = collected.run
        run.fetched += 1
        try:
            parsed = endpoint.parse(body, tick)
        except (Fatal, Retryable) as error:
            run.degrade(f"{endpoint.name}: {error}")
            return None
        except Exception as error:  # noqa: BLE001 - as above
            note_defect(run, endpoint.name, error, self.log)
            return None
        collected.rows.extend(parsed.rows)
        run.parsed += len(parsed.rows)
        run.skipped += parsed.skipped
        if not parsed.rows:
            if parsed.skipped:
                worst, _ = parsed.skipped.most_common(1)[0]
                run.degrade(f"{endpoint.name}: no usable row, most were {worst}")
                return None
            if number == 1 and endpoint.fill is None and not collected.source.guarded:
                run.degrade(f"{endpoint.name}: an empty list")
                return None
        return parsed.rows

    async def replay(self, source: Source, tick: int) -> Collected:
        """Do with the kept bodies of a tick what gather does with fetched ones."""
        began = self.clock()
        run = Run(source.name, started_at=int(began))
        collected = Collected(source, run, [], [], Slots((), self.clock, _never))
        endpoints = {endpoint.name: endpoint for endpoint in source.endpoints}
        try:
            kept = await bodies(source, tick, self.raw)
        except Retryable as error:
            run.degrade(str(error))
            return collected
        broken = set[str]()
        for body in kept:
            endpoint = endpoints.get(body.endpoint)
            run.usage.bytes += len(body.content)
            if endpoint is None or self._take(
                endpoint, body.number, body.content, collected, tick
            ) is None:  # fmt: skip
                broken.add(body.endpoint)
        whole = dict.fromkeys(body.endpoint for body in kept if body.endpoint not in broken)
        collected.succeeded.extend((name, {}) for name in whole)
        run.milliseconds = max(0, round((self.clock() - began) * 1000))
        return collected


async def _never(seconds: float) -> None:
    raise AssertionError(f"a replay waits for nobody, here {seconds} s")
