"""Templates of crypto headlines, by tone, and how others reword them.

A story is a pair of titles, the second as another newsroom would put it. `{coin}` is the
coin's name, `{symbol}` its symbol, `{percent}`, `{millions}` and `{party}` are filled in.
"""

POSITIVE = (
    ("{coin} surges {percent}% as traders cheer strong network growth",
     "{coin} rally gains strength with {percent}% jump, bulls in control"),
    ("{coin} wins approval from regulators in a boost for holders",
     "Regulators' approval is a big win for {coin}"),
    ("{party} announces partnership with {coin} to improve payments",
     "{coin} gains as {party} unveils promising partnership"),
    ("{coin} hits record usage as adoption accelerates, analysts optimistic",
     "Analysts bullish on {coin} as strong adoption sets a record"),
    ("{party} invests ${millions} million in {coin}, praising its secure design",
     "{coin} celebrates ${millions} million vote of confidence from {party}"),
    ("{coin} upgrade goes live successfully, fees improve for users",
     "Successful {coin} upgrade delights developers and wins praise"),
    ("Bullish breakout: {coin} ({symbol}) rallies to best week of the year",
     "{symbol} enjoys its best week of the year in a strong rally"),
    ("{coin} inflows soar to ${millions} million on great demand",
     "Great demand lifts {coin} funds with ${millions} million of gains"),
)  # fmt: skip

NEGATIVE = (
    ("{coin} plunges {percent}% amid panic selling and fear of losses",
     "{coin} crash deepens with {percent}% drop as fear grips traders"),
    ("{coin} bridge hack drains ${millions} million, users suffer losses",
     "Hackers steal ${millions} million in {coin} exploit"),
    ("{party} files lawsuit alleging {coin} backers committed fraud",
     "{coin} backers accused of fraud in {party} lawsuit"),
    ("{coin} hit by critical exploit, developers warn of serious risk",
     "Serious {coin} vulnerability exploited, attackers threaten more damage"),
    ("Regulators reject {coin} product, citing manipulation and abuse",
     "{coin} suffers blow as regulators reject product over manipulation fears"),
    ("{coin} network outage leaves angry users unable to trade",
     "Angry users blame failure as {coin} suffers outage"),
    ("{party} dumps {coin} holdings, warning of a worse collapse ahead",
     "{coin} ({symbol}) slumps as {party} warns of collapse"),
    ("{coin} scam victims lose ${millions} million, police say",
     "Police probe {coin} scam after victims lose ${millions} million"),
)  # fmt: skip

NEUTRAL = (
    ("{coin} trades sideways ahead of the weekly close",
     "{coin} little moved into the weekly close"),
    ("What to know about the next {coin} release",
     "{coin} release schedule: the dates"),
    ("{coin} developers publish notes of the monthly call",
     "Notes from the {coin} developer call"),
    ("{party} moves {coin} between wallets, chain data show",
     "Chain data: {coin} moved between {party} wallets"),
    ("{coin} spot volume at ${millions} million, exchange data show",
     "Exchange data: {symbol} spot volume at ${millions} million"),
    ("How {coin} ({symbol}) compares with its sector this month",
     "{symbol} and its sector this month, in charts"),
)  # fmt: skip

# Stories without a coin, each with its tone.
GENERAL = (
    ("neutral", "Crypto markets today: volumes, flows and the week ahead"),
    ("neutral", "Central bank publishes its paper on digital custody"),
    ("neutral", "The week in tokenization: five charts"),
    ("neutral", "Senate committee schedules hearing on market structure"),
    ("positive", "Crypto funds enjoy strong inflows of ${millions} million as optimism grows"),
    ("positive", "{party} wins licence, a boost for digital asset trading in Europe"),
    ("negative", "{party} fined ${millions} million over failed money laundering controls"),
    ("negative", "Phishing attacks stole ${millions} million from wallets, report warns"),
)  # fmt: skip

# How an aggregator or a copy puts a title a little differently, the tone kept.
REWORDINGS = (
    ("%", " percent"), (" million", "M"), (" amid ", " as "), ("surges ", "surges by "),
    ("plunges ", "plunges by "), (" after ", " following "), (" in a ", ", a "),
    (" warns", " warning"), ("The ", ""), ("users", "customers"),
)  # fmt: skip

BY_TONE = {"positive": POSITIVE, "negative": NEGATIVE, "neutral": NEUTRAL}

PARTIES = (
    "Northgate Capital", "Harbor Exchange", "Meridian Bank", "Atlas Pay", "Bluepeak Custody",
    "Crestline Fund", "Osprey Labs", "Velora Markets", "Kestrel Trading", "Pinewood Trust",
)  # fmt: skip

AUTHORS = (
    "Ana Ruiz", "Ben Okafor", "Clara Lindqvist", "Dev Mehta", "Elif Kaya", "Frank Moreau",
    "Grace Tan", "Hugo Silva", "Ines Weber", "Jonas Novak", "Kaya Brooks", "Liam Hart",
)  # fmt: skip
