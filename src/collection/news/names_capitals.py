"""What people write in capitals without meaning a coin: acronyms, units, currencies, shares."""

# As a symbol these need evidence right beside them, as words of ordinary language do.
SHOUTED = frozenset(
    """
a abc aed afaik ai aka all am ama aml amm and any api apis app apps ar are art as asap asic asics
ask at ath atl atm atms aud b2b b2c bbc bdc be bep20 big bip bis boe boj brl bse bst btm btw but by
cad can cas cbc cbd cbdc cbs cc cdc ceo cet cfa cfo chf cia clo cm cme cmo cnbc cnn cnx cny coo
covid cpa cpi cpu crm cst cto czk dao daos dapp dapps dat dc dca dcc dec defi dex dexs dia dkk dlt
dna do doj dpos dr dsp dvd dyor ebit ecb ecc edge edt eea eft eh ema emv eod epa eps erc20 erc721
esg esq est et etf etfs etn etp eu eur ev ever evm evs exp faq fbi fca fcc fda fdi fed fii fomc
fomo for fox fpo fra free ftw fud fun fx fyi gb gbp gbps gbtc gdp gdpr gh ghz gmt go good got gps
gpu grayscale gst gw hai has have hc hd hdd he her hft high him his hk hkd hkt hodl hot how hq hr
html http huf hyip ico icos icp id ido idos idr ieo ieos if ifc ils im imf imho imo in inc inr int
io iot ip ipl ipo ira irs is isa iso ist it itc ito its jpy jr just jv kb kbps keep key kg kh km
kpi krw kwh kyc la lan lbo lbs led lev lgbt like llc llm lmao lng lol long low lp ltd macd man many
mb mba mbps me mh mhz mit ml mlm mlp mm more most mou move mpc mph mr mrs ms msc msp mst mtc must
mvp mw mwh mxn my nasa nasdaq nato nba nbc near need never new next nfc nfl nft nfts ngn ngo nhl
nio no nok nor not now npa npr nsa nse ny nyc nyse nyu nz nzd obv oecd oem of off ok old on one
only op opec open or orc otc our out over own p2p pac pay pbft pbs pc pdf pe people ph phd php pi
pin pip pl plc pln pm pmi poc poe ponzi pos pow ppp pr psa psg pst psu ptc put q qe qip r rbi rbnz
rd real rfid rip rnd roi rpm rsi rt rub run rwa rwas sa safe saft safts sar sca sdk sec see sek seo
sgd sib sla sma sme sms snark snarks so some spa spd spx sql sr ssc ssd start stc sto stop stos
such tb tba tbh tca tcs ted tge tgt th than that thb the their them then there they this time tnt
to too top trc trc20 true try tv tvl two uah ubs ucla uhd ui uk un up url us usa usb usd usd1
usdollar usdot use usp utc utxo vc very vip vnd vpn vr vs vw vwap was way we wef were what when
where who why wifi will win with wsj wtf wto xp xr yes you your yoy ytd zar zb zero zkp
""".split()
)

# Symbols that are also tickers of well-known shares or funds.
SHARES = frozenset(
    """
a aapl ai amc amd amp amzn ape apls ar arc arkk ba baba bac band bb bbby beam best bito block bmnr
bond bone btbt cake can cat cc ciff cifr clsk coin comp core crcl cube cvx dash data ddd dg dia dis
dxy ebon edu emc etc ethe etn f fb fet flow flr ford fox fti fun game gbtc ge gld glxy gm gme go
goog googl gs hes hex hood ht hut ibm id intc io ip iren iwm jpm key leo link lyft m ma mara
mask me met meta mod ms msft mstr nem nflx nmr nok nvda o ocn omg one op pay phr pi pltr plx prime
pro prom put pypl qqq ray real ren riot s safe san sbet sc sky slb slv snap sos spce spx spy sq stx
sun super t tel ten tru tsla twtr uber unfi ups uso v vet vix w wave wdc wfc win wing wulf x xec
zen
""".split()
)
