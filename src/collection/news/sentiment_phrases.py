"""Pairs of words, names and connectives: what the lexicon of `sentiment` needs beside words.

Written by hand, as `sentiment_words` is. Pairs take the classes of that module.
"""

# Two words that mean something else together than apart.
PAIRS = {
    "soar": """all-time high|all time|time high|record high|record highs|new high|new highs|new ath
        new record|bull run|to moon|the moon|breaks out|break out|short squeeze|golden cross
        breaks above|broke above|multi-year high|highest level|record revenue|record inflows
        blows past|takes off|goes parabolic""",
    "rise": """bounces back|back above|back on|picks up|gains steam|on rise|the rise|trades higher
        opens higher|moves higher|pushes higher|break above|higher low|short liquidations
        shorts liquidated|bear trap|supply shock|heats up|losses narrow|loss narrows
        narrower loss""",
    "crash": """death cross|free fall|dead cat|flash crash|crypto winter|bank run|long liquidations
        longs liquidated|record low|record lows|all-time low|new low|new lows|lowest level
        wiped out|wipes out|wiped off|margin call|margin calls|loses peg|death spiral|hits bottom
        rock bottom|black swan|sell off|sells off""",
    "fall": """back below|pulls back|break below|breaks below|breaks down|slides below|bull trap
        dries up|dried up|lower high|trades lower|opens lower|moves lower|loses steam
        loses momentum|loses support|running out|gives back|gives up|profit taking|bear market
        long squeeze|profits fall|revenue falls|price decline""",
    "bull": """green light|game changer|on track|record quarter|legal tender|good news|big win
        beats estimates|beats expectations|tops estimates|tops expectations|raises guidance
        price target|strong buy|safe haven|buy signal|well positioned|turns positive|net profit
        profit rises|earnings beat|dividend increase|share buyback|buy back""",
    "bad": """red flag|red flags|under fire|class action|money laundering|cease and|desist letter
        rug pull|rug pulled|pump-and-dump|ponzi scheme|dark web|dark side|insider trading
        wash trading|51% attack|flash loan|flash loans|security breach|data breach|private keys
        pleads guilty|found guilty|goes down|went down|goes offline|shuts down|shut down
        shutting down|steps down|stepping down|pulls out|backs out|falls short|cuts jobs|lays off
        job cuts|under investigation|under scrutiny|in trouble|at risk|at stake|profit warning
        misses estimates|cuts guidance|raises concerns|raises questions|raises alarm|sounds alarm
        voice concern|no longer|wont support|cuts ties|turns negative|tax evasion
        sanctions evasion|cracks down|crack down|clamps down|clamp down|spooks investors
        class-action lawsuit|hits back|stay away|bad news|power outage|bank fraud|wire fraud
        securities fraud|sell signal|too late|price manipulation|funds lost|lost funds|user funds
        stolen funds|stolen crypto""",
    "fund": """raises $0|series a|series b|series c|series d|seed round|funding round
        strategic round|token sale|private sale|public sale|investment round|fresh capital
        capital raise|raises 0|investment led|led by|backed by|unicorn status|venture capital
        venture fund|seed funding|strategic investment|in funding""",
    "launch": """rolls out|rolling out|rolled out|goes live|go live|went live|now live|sets up
        spins up|opens up|kicks off|now available|now offers|brings crypto|hard fork""",
    "join": """teams up|team up|teaming up|joins forces|partners with|signs deal|strikes deal
        inks deal|joint venture|ties up|works with|working with|linked to""",
    "adopt": """adds support|support for|now accepts|accept bitcoin|accepts bitcoin|opens door
        opens doors|paves way|wins approval|gets approval|receives approval|gets nod|gives nod
        in principle|won approval|secures license|clears way|signs law|into law|makes history
        doubles down|goes mainstream|lets users|gives users|allows users|returns stolen
        mass adoption|regulatory clarity|regulatory approval|tax incentives|tax breaks""",
    "buy": """scoops up|snaps up|loads up|stocks up|buys more|buys another|buy more|buying spree
        buys dip|buy dip|take stake|takes stake|buys stake|equity stake|bets big""",
    "sell": """cashes out|takes profits|walks away|parts ways|profit-taking""",
    "plan": """looks to|plans to|set to|aims to|seeks to|wants to|considers adding|in talks
        could be|may be|might be|is said|said to|to launch|files for|file for|to list|to offer
        to raise|to acquire|to buy|to open|to become|to help|to join|getting ready|gears up
        will launch|will be|wait and""",
    "ban": """to ban|ban on|blanket ban|bans on|cuts off|pulls plug|puts hold|on hold|trading halt
        halts trading|halts withdrawals|suspends withdrawals|pauses withdrawals|crypto ban
        mining ban|tightens rules|stricter rules|tougher rules|legal action|takes aim
        cease operations|ceases operations|restrict access|limit access|blocks access
        capital gains|take down""",
    "lift": """ban lifted|lifts ban|lift ban|no ban|charges dropped|drops charges|drops lawsuit
        drops case|case dismissed|lawsuit dismissed|dismisses lawsuit|rejects ban|against ban
        votes against|fears ease|fear eases|eases fears|concerns ease|rules out|denies rumors
        denies reports|not guilty|fights back|funds recovered|funds returned|funds safe|are safe
        tax cut|tax break|rate cut|rate cuts|not ban|wont ban|will not|bounty to|white hat
        fully backed|makes whole|made whole|soft landing""",
    "guide": """price analysis|price prediction|price predictions|market watch|market wrap
        top stories|how to|what is|what are|what to|why you|ways to|need know|should know|need to
        must know|step by|reasons why|things to|here are|heres what|heres why|heres how|here is
        deep dive|week in|this week|weekly recap|daily recap|layer by|and why|what it|what does
        is it|should you|are you|can you|do you|did you|you should|best crypto|best bitcoin
        online casino|trading platform|price chart|technical analysis|live updates|press release
        all you|everything you|look at|a look|closer look|look back|ask me|op ed""",
    "no": """fails to|fail to|failed to|unable to|refuses to|declines to|yet to|far from|less than
        no plans|does not|do not|is not|are not|has not|have not|may not|could not|would not
        will never|falls short|stops short|too early|not yet|rather than|instead of""",
}  # fmt: skip

# Names, so that a tone does not depend on whom it is about. Several words share one mark.
NAMES = {
    "xcoin": """bitcoin btc bitcoins ethereum eth ether ethers xrp ripple ripples cardano ada
        solana sol dogecoin doge shib shiba inu polkadot litecoin ltc chainlink stellar xlm
        monero xmr tron trx eos iota tezos xtz algorand algo avalanche avax polygon matic
        cosmos atom luna terra ust usdt usdc tether tethers busd dai bnb uniswap uni aave mkr
        sushi sushiswap crv filecoin fil theta vechain vet hedera hbar zcash zec bch bsv neo
        zilliqa elrond fantom ftm axie axs mana decentraland toncoin ton sui aptos apt arbitrum
        optimism pepe bonk hyperliquid wbtc steth cro okb ftt hnt helium kusama ksm icp dfinity
        ena ethena mantle sei wif jup ondo stx tao bittensor""",
    "xfirm": """binance binances coinbase coinbases kraken bitfinex bitmex bitstamp gemini okex
        okx huobi kucoin ftx bybit bithumb upbit crypto.com blockfi celsius voyager nexo
        genesis grayscale microstrategy metaplanet bitmine galaxy paypal paypals venmo visa
        mastercard tesla spacex twitter facebook google amazon apple microsoft nike goldman
        jpmorgan jp morgan citi citigroup fidelity fidelitys blackrock vaneck bitwise invesco
        blackstone bny mellon deutsche robinhood robinhoods revolut etoro ripple consensys
        metamask opensea dapper chainalysis elliptic bitgo anchorage bakkt paxos fireblocks
        trezor alameda wintermute a16z andreessen horowitz sequoia paradigm pantera polychain
        multicoin softbank nasdaq nyse cme cboe sbi nomura barclays hsbc ubs samsung sony
        ubisoft bitmain bitdeer marathon argo greenidge polymarket kalshi telegram poolin
        bitfarms hut8 coinshares nydig osprey valkyrie wisdomtree franklin templeton terraform
        gamestop starbucks walmart""",
    "xman": """elon musk musks gensler genslers yellen powell warren biden trump trumps putin
        vitalik buterin saylor sbf bankman-fried bankman fried zhao cz garlinghouse hoskinson
        armstrong dorsey winklevoss novogratz cuban buffett munger dimon schiff kwon do-kwon
        su-zhu mashinsky cathie brandt lagarde hester peirce lummis toomey clayton mcafee
        ellison hayes justin elizabeth tom brady kiyosaki dalio atkins sacks""",
    "xland": """us usa u.s american america americas china chinas chinese japan japans japanese
        korea koreas korean russia russias russian india indias indian uk u.k british britain
        eu european europe germany german france french swiss switzerland italy spain spanish
        canada canadian australia australian singapore hong kong dubai uae israel iran iranian
        turkey turkish brazil brazilian mexico argentina salvador salvadors ukraine ukrainian
        nigeria nigerian kenya thailand thai vietnam philippines indonesia malaysia kazakhstan
        beijing london texas florida miami wyoming kentucky california africa african asia
        asian latin venezuela portugal sweden swedish dutch norway estonia malta bahamas""",
    "xtime": """january february april june july august september october november december jan
        feb mar apr jun jul aug sept oct nov dec monday tuesday wednesday thursday friday
        saturday sunday q1 q2 q3 q4 today yesterday tomorrow year years month months week weeks
        day days hour hours quarter weekend morning asia-morning""",
}  # fmt: skip

# What is bad when it grows and good when it shrinks, though the word itself says neither.
COSTS = frozenset(
    """fee fees inflation cost costs outflow outflows liquidations losses loss risk risks fear fears
    crime crimes scam scams hack hacks theft thefts volatility difficulty concerns unemployment
    complaints selling shorts tensions debt supply""".split()
)
REJECTS = frozenset(
    """reject rejects rejected deny denies block blocks against oppose opposes veto vetoes
    vetoed overturn overturns overturned""".split()
)
# Where what a word is about ends.
ENDS_REACH = frozenset(
    """after amid as following due because over while despite although though but however yet to
    on by and ; : | ? ( ahead before until""".split()
)
# What follows them counts less, hardly, or more.
ASIDE = frozenset("amid after following as due because over while".split())
CONCEDED = frozenset("despite although though notwithstanding shrugs regardless".split())
CONTRAST = frozenset("but however yet".split())
