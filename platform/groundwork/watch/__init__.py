"""What operators see of a running city: figures, log lines, slow queries, errors. Never a person, never what was asked for.

Log lines and counters are for operators and go after days; the journal is for citizens and stays. They are not one stream.
"""


def connect() -> None:
    """Listen to everything worth a count. Called once, at start."""
    from django.db.backends.signals import connection_created

    from groundwork.answer import No, on_refusal
    from groundwork.backup import gate
    from groundwork.watch import context, metrics, queries, work

    def refused(answer: No) -> None:
        if not context.is_quiet():
            metrics.refusals.labels(answer.rule).inc()

    on_refusal.append(refused)
    connection_created.connect(gate.look, dispatch_uid="backup.gate")
    connection_created.connect(queries.watch, dispatch_uid="watch.queries")
    work.connect()
