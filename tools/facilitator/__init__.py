"""A local x402 facilitator: real signatures, pretend money, faults on order.

tokens.py      the tokens and networks that exist here
payments.py    a request of /verify or /settle, read strictly
signatures.py  who signed a transfer (EIP-712)
ledger.py      grants, transfers and balances in SQLite
verdicts.py    the checks in their order; what verify and settle say
faults.py      misbehaviour on order
hang_up.py     closing a connection instead of answering
listening.py   opening a port
app.py         the HTTP interface, control.py its local controls
"""
