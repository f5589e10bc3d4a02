"""The SQL of collection: idempotent bulk upserts on natural keys, by what they store.

The same tick twice writes nothing: what is there stays as it is, a run record
is replaced only by a better one.
"""
