"""What the words of headlines do to a market: the lexicon behind `sentiment`.

Written by hand from general knowledge of English, finance and this trade; no
list of others is in it. A class says what happens, not how good it is: how much
a class counts, alone and beside another ("crackdown eases"), is learnt from
labelled headlines. Verbs stand in their base form and are inflected; names of
coins, firms and people are in no tone class, so that a tone outlives them.
"""

# Inflected: soar, soars, soared, soaring. Irregular forms are in WORDS.
VERBS = {
    "soar": """soar surge skyrocket rocket rally jump explode boom balloon moon spike leap
        double triple quadruple quintuple smash zoom erupt swell catapult pump outperform
        outpace outshine flip ignite supercharge thrive flourish blossom dominate shatter""",
    "rise": """climb gain increase advance grow expand rebound recover bounce recoup strengthen
        improve edge inch tick extend firm widen accelerate appreciate steady stabilize
        stabilise resurge revive heal heat pick approach near reclaim regain retake cross
        surpass exceed eclipse overtake outstrip beat top pass notch clinch hold defend survive
        defy rejuvenate perk creep normalize mature mount pop""",
    "crash": """plunge plummet crash tumble collapse crater nosedive tank slump dive bleed sink
        implode capitulate crumble crush slam hammer batter pummel erase evaporate liquidate
        obliterate decimate halve dump wreck devastate drain spiral unravel rout annihilate
        rekt vaporize flounder topple""",
    "fall": """drop decline slip slide dip ease retreat decrease shrink weaken lag struggle
        suffer stall stumble falter fade cool dwindle trim lower pare wane correct deteriorate
        lose miss underperform slow wobble teeter sag recede contract flatline stagnate
        languish reverse pull reject fail disappoint flag sour soften dampen deflate tighten
        underwhelm droop shed swoon skid depreciate worsen""",
    "raise": """raise secure fund bag pocket net nab score attract collect garner receive back
        lead close land win earn snag scoop haul finance""",
    "launch": """launch unveil introduce release debut roll deploy create build develop open
        start begin kick mint activate publish reveal announce ship issue bring present upgrade
        premiere inaugurate host tokenize tokenise stage""",
    "join": """partner integrate collaborate join team ally tap onboard connect merge unite
        link bridge sign ink sponsor select choose hook""",
    "adopt": """adopt accept approve allow enable legalize legalise embrace support add list
        permit authorize authorise greenlight grant recognize recognise endorse welcome license
        certify implement incorporate promote bolster boost enhance empower simplify expedite
        streamline ratify pass favour favor legitimize repay
        resolve fix facilitate incentivize incentivise encourage advocate champion praise
        applaud tout reward benefit donate offer restore reopen resume relist relaunch
        reinstate unlock unfreeze protect safeguard pioneer celebrate honour honor achieve
        reach hit attain accomplish innovate modernize modernise revolutionize revolutionise
        transform unleash""",
    "buy": """buy purchase acquire invest accumulate stack hoard snap stockpile amass allocate
        hodl stake pile load double hire recruit expand""",
    "sell": """sell offload unload dispose divest exit withdraw redeem short cash abandon ditch
        leave quit drop scrap cancel shelve ax axe close shut cease discontinue wind terminate
        dissolve liquidate pause""",
    "plan": """plan seek aim eye look want consider explore mull weigh propose intend prepare
        expect hope target file apply review study examine test pilot experiment discuss debate
        evaluate ponder research assess tease hint pitch pursue schedule await vote""",
    "say": """say tell explain argue talk reveal describe discuss claim suggest believe think
        share detail outline comment respond answer reply ask speak state note interview recap
        cite clarify define compare react opine insist confirm report estimate""",
    "crime": """hack exploit steal scam defraud launder rob drain breach phish extort dupe
        swindle embezzle siphon loot compromise rug hijack attack infect ransom smuggle mislead
        deceive counterfeit spoof manipulate blackmail infiltrate kidnap""",
    "law": """sue charge indict arrest accuse allege convict sentence jail fine penalize
        penalise seize confiscate investigate probe prosecute subpoena raid detain extradite
        plead settle sanction freeze blacklist fault violate breach imprison order summon
        deport forfeit""",
    "ban": """ban prohibit restrict block halt suspend delist outlaw bar limit curb forbid stop
        crack clamp censor shutter shut deny reject refuse remove close tighten tax crackdown
        target cap curtail debank disable revoke oust expel evict veto boycott withhold purge
        kick pause delay postpone cut furlough fire""",
    "warn": """warn caution fear worry criticize criticise slam blast condemn attack oppose
        threaten question doubt bash lambast decry dismiss mock urge concern alarm alert lament
        complain denounce rebuke scold disparage downplay downgrade call scrutinize scrutinise
        pressure risk jeopardize jeopardise undermine plague hamper hurt harm hinder damage
        weigh brace grapple face hit rock shake rattle spook roil haunt dog""",
    "lift": """lift overturn dismiss dispel ease relax end drop waive clear acquit pardon
        exonerate remove repeal rescind reverse quash withdraw unfreeze unban soften exempt
        spare avert avoid prevent thwart foil recover retrieve recoup mitigate counter combat
        tackle rescue save bail rebut refute deny debunk narrow shrug overcome resist withstand
        return refund reimburse compensate""",
}  # fmt: skip

# Exactly these forms.
WORDS = {
    "soar": """surge surges rally rallies rallied rallying parabolic skyrocketing breakout
        moonshot all-time ath aths record records record-breaking record-high highest high
        highs new-high booming bull-run uptrend upswing upside flippening flipped blasts""",
    "rise": """rose risen rise rises rising grew grown up higher above upward green bottomed
        rebound recovery bounce growth uptick gains gainer gainers momentum upturn inflow
        inflows demand stronger steady steadily oversold held holding beaten outpaces""",
    "crash": """crash selloff sell-off sell-offs bloodbath meltdown carnage freefall free-fall
        liquidation liquidations liquidated wipeout wiped wipes crypto-winter capitulation rout
        slump crashed sank sunk plunge plunges turmoil dumped death-cross doom imploded depeg
        depegs depegged demise downfall catastrophe catastrophic disaster debacle chaos
        bankrupt bankruptcy bankruptcies insolvent insolvency chapter-11 default defaults""",
    "fall": """fell fallen fall falls falling down lower below downward red lost losses loss
        drawdown correction pullback outflow outflows weak weaker weakness bearish bear bears
        slow slowdown lowest low lows downtrend downside dips dip retreat retreats drop decline
        declines stagnant sluggish lacklustre lackluster deficit shortfall negative
        headwind headwinds hurdle hurdles setback setbacks blow overbought disappointing missed
        backwardation underwater unprofitable outage outages congestion downtime bug bugs
        glitch glitches delay delays delayed layoff layoffs""",
    "bull": """bull bulls bullish optimistic optimism confident confidence positive strong
        strength best better great good success successful successfully win wins won winner
        winning victory boon favourable favorable profit profits profitable profitability
        opportunity opportunities breakthrough milestone milestones popular popularity leading
        leader leaders innovative promising prosperous lucrative easier safer faster cheaper
        sustainable greener robust resilient resilience relief hope hopes potential undervalued
        gem gems progress impressive remarkable incredible exciting exceptional powerful
        trusted reliable secure secured safe unicorn rich richest millionaire millionaires
        billionaire mainstream adoption approval greatest massive explosive relentless boost
        award awards prize praise support golden optimist upbeat accretive beneficial valuable
        revolutionary groundbreaking historic landmark thriving vibrant""",
    "bad": """worst worse bad poor dangerous danger risky risks risk threat threats warning
        warnings warned fear fears concern concerns concerned worry worries worried panic
        uncertainty uncertain volatility volatile bubble problem problems trouble troubled
        troubles crisis crises failure failed fails struggle struggles struggling victim
        victims fake shady controversial controversy backlash criticism critics critic outrage
        anger angry allegation allegations alleged allegedly illegal illegally illicit
        unregistered unlicensed unauthorized unauthorised lawsuit lawsuits indictment probe
        investigation investigations complaint fraud fraudulent fraudster fraudsters scam scams
        scammer scammers ponzi pyramid scheme rug-pull rugpull hacker hackers hack hacks
        exploit exploits stolen stole theft thefts heist ransomware malware phishing breach
        breaches vulnerability vulnerabilities attacker attackers attack attacks laundering
        terrorism terrorist criminal criminals crime crimes guilty prison jail penalty
        penalties fine fines sanctions sanction sanctioned ban bans banned prohibition
        crackdown crackdowns restriction restrictions scrutiny shutdown closure halt suspension
        seizure seizures arrested arrest arrests darknet dark-web loses worthless dead death
        dying kill kills killed toxic grim bleak dire pain painful misery gloom gloomy skeptic
        skeptics skeptical sceptical skepticism pessimistic pessimism fud nightmare
        wash-trading manipulation insider-trading bogus misleading false flaw flaws flawed
        overvalued hype overhyped dumping exodus brutal severe harsh strict stricter tough
        tougher recession inflation stagflation unrest war conflict shortage backdoor hostile
        class-action defunct embattled beleaguered ailing disgraced besieged bleeding contagion
        fiasco scandal dispute disputes feud clash tension tensions resignation resigns resign
        unstable unsafe insecure extortion espionage stagnation antitrust litigation
        mismanagement negligence subpoena subpoenas suspicious suspected suspects corruption
        bribery ambiguity""",
    "fund": """raises funding fund funds round seed series series-a series-b series-c valuation
        valued investment investments investor investors venture backed-by grant grants vc vcs
        capital stake stakes ipo acquisition fundraise fundraising fundraiser financing
        treasury investing invests led unicorn spac""",
    "launch": """launch launched debut built new first introducing mainnet testnet beta live
        rollout release began begun upgrade upgrades airdrop unveiling starts opens available
        now expansion expands initiative program prototype""",
    "join": """partnership partnerships partners collaboration alliance integration
        integrations deal deals together merger consortium agreement tie-up""",
    "adopt": """accepts accepted accepting adoption adopts approval approved approves support
        supports adds legal tender license licence licensed charter allows pilots payments
        custody institutional compliant compliance reward rewards benefits gives donation
        donations charity green carbon-neutral renewable listing listed listings""",
    "buy": """bought buying buys buyer buyers purchase purchases acquisition accumulation hires
        holdings holders whales""",
    "sell": """sold selling sells seller sellers outflow leaves left stepping quits departs
        ousted depart departure departures""",
    "plan": """plans planning proposal proposals bid application pending filing files
        considering may might could would possible possibly likely potentially soon upcoming
        future next reportedly rumor rumors rumour rumours rumored said to-be ponders undecided
        unclear pilots draft ahead awaits eyeing mulls""",
    "say": """says said saying told according interview podcast opinion op-ed comments
        discusses explains remarks speech letter report reports survey study poll data analyst
        analysts strategist strategists expert experts analysis review""",
    "ask": """what whats why how when where who which should is are can does do will has did
        would could heres this these that""",
    "guide": """guide guides tips ways things reasons explained explainer beginner beginners
        basics introduction overview tutorial understanding know learn review comparison vs
        versus top best list roundup recap week weekly daily digest newsletter podcast episode
        edition everything need must steps step-by-step faq strategies strategy advantages
        examples differences difference inside meet meaning types key takeaways vol part issue
        webinar conference summit event events giveaway contest bonus promo sponsored casino
        casinos gambling betting slots forex play playing download app career""",
    "price": """price prices analysis prediction predictions forecast forecasts outlook
        technical chart charts level levels resistance support range trader traders
        market-watch bitcoin-price pattern target targets trend trends indicator indicators
        signal signals metrics""",
    "rule": """regulation regulations regulator regulators regulatory sec cftc fca irs fed
        finma treasury lawmaker lawmakers senate senator senators congress congressional bill
        bills law laws rule rules legislation legislators parliament minister ministry
        government governments court judge police authorities authority watchdog doj fbi
        prosecutors commission commissioner tax taxes taxation aml kyc compliance policy
        guidance framework hearing executive officials official chair chairman agency
        central-bank cbdc cbdcs bank banks""",
    "post": """appoints appointed appoint names named hires hired taps joins nominee nomination
        nominated promoted chief ceo cfo coo cto head executive exec officer veteran vet former
        ex director adviser advisor board president founder cofounder co-founder""",
    "no": """not no never without cant cannot wont dont doesnt didnt isnt arent wasnt werent
        couldnt wouldnt shouldnt hasnt havent nor neither none nothing nobody hardly barely
        unlikely lack lacks lacking unable refuses refused fails failed failing stop stops
        stopped rather instead little less few""",
    "yet": """despite amid although though but however while even as after following against
        regardless notwithstanding until before over due because""",
    "lift": "acquitted unbanned throws throwing threw xlifts",
    "lifted": "xlifted",
    "more": """more most biggest largest huge big major significant significantly sharply sharp
        heavily record nearly almost over than very extremely strongly dramatically rapidly
        substantial mass massive steep steeply billion billions million millions trillion""",
}  # fmt: skip
