"""Words that decide whether a name in a text is meant: ordinary words, crypto words, others.

A coin may be called by any word, so these lists say how much evidence a name
needs (names_rules.py). They are a selection of our own, from reading headlines.
"""

# Ordinary words: as a coin they need evidence right beside them.
COMMON = frozenset(
    """
able accept account ace act ad add ads again age agent ago aid aim air alert alien all allow ally
alpha also alt always am amaze amount amp ample an anchor and angel animal any ape apple arena arm
army around arrow art as ask asset at atlas atom auction audio auto away baby back bad badger bag
bags baker balance balancer ball ban band bank banker bar bare barrel base based basic basis bat
battle be beach beacon bean bear bears beat beauty because bed bee been beer before begin behind
being bell below belt best bet beta bets better beyond big bike bill billion bird birth bit bite
bits bitter black blade blank blast blind blitz block blood bloom blue blur board boat body bold
bomb bond bone bonus book boom boost boot boss bot both bottle bottom bounce bounty bow bowl box
boy brain brand brave bread break breed brick bridge bright bring bro brother bubble buck bucks bud
build bulk bull bullet bullish bulls bunny burn burns burst bus business bust busy but butter
button buy by cake call calm camel camera camp can candle candy cap cape capital caps car carbon
card cards care carry cars cartel cash castle cat catch cause cave cell celsius cent center central
chain challenge champ chance change channel charge charm chart chase chat cheap check cheese cherry
chess chief child chip chips choice church city civil claim class clean clear clever click climb
clip clock close cloud clown club coach coal coast code coffee coin coins cold collective color
colour comet comfort common community comp company compound conceal concept connect contact content
control cook cookie cool copy coral core corn corner cosmic cost council count country course court
cover cow crab craft crash crazy cream creator credits creed crew crime crisis cross crowd crown
crude cruise crunch cry crystal cup cure current cut cute cyber cycle dad daily dance danger dare
dark data date dawn day days dead deal dear death debt decent decide deck deep defense defi degree
delta demo demon den dent desk dev dex dial diamond dice did die diet digital dime dip direct dirt
dish dive do dock doctor dog dogs dollar dollars dolphin done door dot double down draft drag
dragon drama draw dream dreams dress drift drink drive drop drug drum dry duck duke dump dusk dust
duty dwarf dynamic each eagle early earn earth ease east easy eat echo eclipse eco edge edition
eight either elastic electric element elements elf elite ember emerald emotion empire empty end
ends energy engage engine enough enter entire entry epic equal equity era escape essence eternal
eternity ethos eve event ever every evil evolve exit expanse expert express extra eye eyes fable
face fact factor factory fair fairy faith fake falcon fall fame family famous fan fans fantasy far
farm fast fat fate father fear feed feel fees fever few fiat field fight film final finance find
fine finger fire first fish five fix flag flame flare flash flat fleet flight flip float flock
flood floor flow flower fluid fly focus fog fold folk follow food fool foot for force forest forge
fork form fort fortune forum forward found fountain four fox fraction frame free freedom fresh
friend friends frog from front frost frozen fruit fuel full fun function fund fury fusion future
fuzzy gain gains galaxy game gap garden gas gate gather gear gem gems gen general genesis genius
gentle get ghost giant gift girl give glass global globe glory glow go goal goat god gods gold
golden good gorilla got grace grain grand grant graph grass gravity great green grey grid group
grow growth guard guardian guess guide guild gun guy had hair half halo hammer hand hands handshake
happy hard harmony harvest has hash hat have haven hawk he head health heart heat heaven hedge help
her here hero hidden high him hint hip his hit hive hodl hold holder hole holy home honest honey
hood hook hope horizon horn horse host hot hour house how hub human humans hundred hunt hunter hut
hype hyper ice icon idea ideal ideas identity idle if illusion image immutable impact in income
index indigo infinity info ink inner insane inside insight instant into invest invictus iris iron
island it item items its ivory jackpot jam jazz jet jewel job joe join joint joke joker joy judge
juice jump jungle jupiter just justice keen keep keeper key keys kick kid kids kill kind king
kingdom kiss kit kite kitty knife knight know lab labs lady lake lamp land lane large laser last
late launch lava law layer lazy lead leaf league lean learn leash led left leg legacy legend
legends less let level liberty library lid life lift light lighter lightning like lime limit line
linear link lion liquid list little live lives lizard load loan local lock log logic lol long look
looks loop loot lord loss lost lotus love low luck lucky lunar lux machine mad made magic magma
magnet mail main major make maker man mango mania many map maple maps marble march marine mark
market marks mars mask mass master match material matrix matter max may maze me meal mean meat
mecha media medium meet mega member meme memes memory men menu mercury merge merit met meta metal
meteor meter metric metronome mid might mile milk mill million mind mine miner miners mini mint
minute miracle mirror miss mist mix mob mobile mode model modern moment momentum mon money monkey
monster month moo mood moon more morning most moth mother motion motor mount mountain mouse mouth
move movement mover movie much multi multichain music must my myriad mystery myth name nash nation
native nature navigator near neck need nest net network neutral never new news next nexus nice
nickel night nine ninja no noble node noise none noon nor normal north nose not note nothing nova
now nuke number nut oak oasis ocean octopus of off office official oil ok old olive omega on once
one ones onion only onyx opal open opera optimism oracle orange orb orbit orchid order ore organ
origin orion other our out outlaw over owl own ox oxygen pace pack pact page paid paint pair pal
palace palm panda panic panther paper parabolic paradise parallel parent park part particle party
pass past path pause pay peace peak pearl peg pen penguin penny people pepper per perfect
persistence pet phoenix phone pi piano pick pickle piece pig pillar pilot pin pine pink pioneer
pirate pit pixel pixels pizza place plain plan planet plant plasma plastic plate play player plaza
plenty plot plunge plus pocket poem poet point poison poll polo pony pool poor pop port portal
portion position post pot potion pound power pre prediction premium present price pride prime
prince princess print prism prize pro profit project promise proof property proton proud prove
pulse pump pure purple purpose push put puzzle quality quantum quarter quartz queen quest quick
quiet quote rabbit race radar radiant radio rage raid rail rain rainbow raise rally ram random
range rank rapid rare rat rates raven ray reach read ready real rebel red reef reflect regen relay
release relic remedy render rent repo request reserve reset resistance resolve respect rest return
reverse revival revolution reward rewards rhino rhythm rice rich ride right ring rise rising river
road robot rock rocket rogue roll roof room root rope rose round route row royal ruby rug rule
ruler run runner rush saber sad safari safe safety saga sail saint sake sale salmon salt same
samurai sanctum sand sandbox sapphire satellite save saving savings say scale scam scene school
science scout screen script scroll sea seal season seat second secret secure see seed seek seen
self sell semi send senior sense sent sentinel series serpent serum seven shade shadow shake shape
share shark sharp she sheep shell shelter shield shift shill shine ship shock shoe shoot shop shore
short shot should show shower shrimp side siege sigma sign signal silent silk silver simple single
sirius six size skate ski skill skin skull sky sleep slice slim slot slow small smart smile smoke
smooth snack snake snow so soar soccer social soft soil solar soldier solid solo solution solve
some son song sonic soon soul sound source south space spark sparks spartan speak special spectre
speed spell spend sphere spice spider spike spin spiral spirit split sport sports spot spring spy
square squid squirrel stable stack stacks stage stake stand star stargaze stars start state station
status stay steam steel stem step steps stick still stock stone stop store storm story stream
street strike string strong student studio style sub success sugar suit sum summer summit sun super
supply support supreme sure surf surge surprise survivor swan swap swaps swarm sweep sweet swift
swing swipe switch sword symbol symphony sync system table tag tail take tale talk tank tap target
task taste tax tea team tear tech tel temple ten tensor test text than thank that the their them
then there they thing think third this thought thousand three threshold thrive throne through
thunder ticket tide tie tiger time tiny tip titan title to toast today together toll tomato tomb
ton tone tons too tool tools tooth top topia torch total touch tour tower town toy track trade
trader trail train trap travel treasure tree trend tribal tribe trick trillion trinity trip troll
trophy truck true trust truth try tulip tune turbo turn turtle twin twist two type ultra under uni
union unique unit united unity universe unlock until up upper upside us use useless user value
vampire vault vector vega venture venus verse version very via vibe victory view viking village
villain violet vip viper virtual virus vision visual vital vivid voice void volt volume vortex vote
voyager wage wagon walk wall wallet wanted war warrior was watch water wave way we wealth weapon
weather web week welcome well were west whale what wheat wheel when where whirl white who whole why
wife wild win wing wings winner winter wire wisdom wise wish witch with wizard wolf woman wonder
wonderland wood word work worker works world worm worth wow wrap write yacht yard year yellow yes
yield you young your youth zap zen zero zodiac zone zoo zoom
""".split()
)

# Words that seldom stand in a crypto text without meaning the coin: a text on crypto is enough.
UNCOMMON = frozenset(
    """
acala ada aeon aion akropolis algo alpaca ankr ant apt aptos aragon ardor arise ark arpa asch astar
aster augur aurora autofarm avalanche beam bifrost bismuth bitmark blox blurt boba bonfire bulwark
casper celo centrifuge chia circle civic clam clams cobalt constellation cortex cosmos crave cred
cronos curve dagger dai dash diem divi dmarket doge dracula dragonchain eden elixir ella ellipsis
elongate embers energi enigma eos ergo etc ether expanse factom fetch fil floki flux franko frax
gala gnosis golem golos graft gram grin gulden hacken hedera helium hex holo hush hydro ignis
injective instar iota jito juno kamino karbo kava kin komodo koto kusama larix leo libra liquity
lisk loci loki lombard luna maid mana mantle mantra marinade melania melon metis mina mithril
mobius mona monolith mothership nano nav nebula nectar neo neon nervos neutron nexo noia numeraire
odyssey olympus omg omni ontology optimus opus orca ordi osmo osmosis oxy peer pepe ping pirl
polygon polymath props propy pyth qash quant quark radix raydium rebellious ren rep revain ronin
rune sahara salus sapien scot sei seth shiba sirin sol sprouts stader stealth stellar stipend sui
suretly surge sushi sweat terra tether theta tierion tobin tron troy trump uma unitus universa veil
verge vertex vet vite walrus wand waves woo zano zb zilla
""".split()
)

# Not quite words, so that lower case in a crypto text is enough too.
RARE = frozenset("nano ether tether tron iota eos dai vite enjin xrp".split())

# Coins with the name of the company behind them: it is the company unless the coin is meant.
# In the labelled articles "Ripple" is the coin in lists and beside prices, "Tether" nearly always.
COMPANIES = frozenset(
    ("ripple", "wazirx", "nexo", "celsius", "celsius network", "voyager", "kyber network")
)

# Names nobody uses for anything else, in any case.
FAMOUS = frozenset(
    "bitcoin bitcoins ethereum litecoin litecoins dogecoin dogecoins vechain monero zcash "
    "cryptokitties".split()
)
# Of these, the ones that mean nothing else even in lower case ("eth" is a university too).
COINED_SYMBOLS = frozenset("btc xrp ltc bch xmr usdt usdc shib avax".split())
FAMOUS_SYMBOLS = frozenset("btc eth xrp ltc bch xmr usdt usdc bnb doge xlm trx shib avax".split())

# Words that say a text is about crypto: 2 alone are enough, 1 needs company.
CRYPTO = dict.fromkeys(
    "crypto cryptos cryptocurrency cryptocurrencies blockchain blockchains altcoin "
    "altcoins alts hodl hodling hodler hodlers satoshi satoshis sats defi nft nfts "
    "stablecoin stablecoins shitcoin shitcoins memecoin memecoins airdrop airdrops "
    "mainnet testnet onchain web3 dapp dapps ico icos dex dexs cex dao daos wallet "
    "wallets hashrate hashpower masternode masternodes tokenomics cryptoasset "
    "cryptoassets metamask trezor coinmarketcap coingecko cmc bitmex binance coinbase "
    "bithumb upbit kucoin bittrex poloniex bitfinex bitstamp huobi okex okx bybit "
    "erc20 erc bep20 altseason decentralised decentralized permissionless staking "
    "staked unstaked tokens tokenized validators halving rekt fud lambo blocksize "
    "segwit utxo utxos".split(),
    2,
) | dict.fromkeys(
    "coin coins token miner miners mining mined mine node nodes whale whales moon "
    "mooning pump dump bag bags fork forks ledger chain p2p fiat ath dip pow pos "
    "confirmations tx peer".split(),
    1,
)

# Words of finance at large, and of people talking (headlines say "I" and "you" less than posts
# do): all of them together weigh 1.
TALK = frozenset(
    "i im my me you your u we they he she lol lmao bro don dont please guys anyone "
    "anybody buy buying bought sell selling sold hold holding holders trade trading "
    "traders portfolio price market marketcap cap exchange exchanges invest invested "
    "investment profit bullish bearish bull worth supply volume payments transaction "
    "transactions fees privacy decentralized".split()
)

# Words of posts that headlines do not have.
POST = frozenset(
    "i im ive my me we re ve ll they them you your nice lol lmao bro dude guys gonna "
    "wtf shit shitty fuck fucking damn yeah yep nah haha tho thats youre dont didnt doesnt "
    "isnt cant wont idk imo imho tbh btw hodl fud shilling shill shills".split()
)

# What stands right behind a coin's name or symbol when the coin is meant.
TRADE = frozenset(
    "bridge price prices token tokens tokenomics coin coins blockchain chain mainnet testnet "
    "network protocol foundation holders holder whales whale futures staking stakers "
    "wallet wallets labs traders investors bulls bears hodlers miners ecosystem "
    "memecoin stablecoin airdrop etf etfs dao validators validator burn burns buyback "
    "buybacks".split()
)
# Behind the name of a company, these are said of its coin.
MOVES = frozenset(
    "up down rises rose falls fell drops dropped gains gained jumps jumped surges "
    "surged soars soared plunges plunged slumps slumped tumbles tumbled rallies rallied "
    "climbs climbed".split()
)
# Too weak behind an ordinary word that only starts with a capital ("Gas Prices", "Power Network").
WEAK_TRADE = frozenset(
    "price prices chain network futures traders investors foundation bulls bears burn "
    "burns etf etfs dao labs wallet wallets ecosystem holders holder coin coins".split()
)
QUOTES = frozenset("usd usdt usdc busd btc eth bnb eur gbp krw jpy inr try perp sats".split())

# Behind a name that a coin shares with a protocol or a company, these mean the latter.
PROTOCOL_BEHIND = frozenset("protocol v1 v2 v3 v4 dex pool pools vault vaults governance".split())
COMPANY_BEHIND = frozenset(
    "ceo cto cfo coo cofounder executive executives holdings limited ltd inc says said "
    "labs lawsuit president spokesperson counsel lawyer lawyers invests acquires "
    "partners".split()
)

# Another meaning: any of these words in the text denies the name.
VETOES = {
    "gemini": frozenset("google googles ai llm chatgpt openai claude grok zodiac horoscope nasa "
                        "aries gmail gpt deepmind siri iphone apple".split()),
    "ark": frozenset("cathie wood invest 21shares".split()),
    "kraken": frozenset("nhl hockey seattle rum".split()),
    "avalanche": frozenset("nhl hockey colorado skiers skier snow rescuers himalayas".split()),
    "nano": frozenset("tata ipod nanoparticles".split()),
    "dash": frozenset("cam doordash mrs".split()),
    "doge": frozenset("department efficiency venice".split()),
    "dot": frozenset("transportation".split()),
    "polkadot": frozenset("dress dresses".split()),
    "comp": frozenset("workers".split()),
    "base": frozenset("military rate".split()),
    "ripple": frozenset("effects".split()),
    "stellar": frozenset("jay".split()),
}  # fmt: skip
