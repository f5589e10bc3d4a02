"""Paying per call by x402 (https://github.com/x402-foundation/x402): terms, till, ledger.

terms.py        what is asked for: networks, assets, offers in both versions of the protocol
prices.py       the price table: which plan pays how much for what
payment.py      a payment as it arrives in a header, and whether it fits an offer
facilitator.py  the two questions to the facilitator: is it good, and take it
ledger.py       the row of each payment and the states it goes through
till.py         the order of all that: match, claim, verify, work, settle, answer
reconciling.py  what became of payments whose answer did not come
"""
