"""English words too common, or too often something else, to be safe as the spelling of a name."""

from __future__ import annotations

# the commonest words of running English, and names that are words (months, virtues, colours, trades)
_TEXT = """
a able about above across act action after again against age ago air all almost along already also
always am among an and animal another answer any anything are area arm army around art as ask at away
back bad ball bank base be because become bed been before began begin behind being believe below best
better between big bill bird black blue board boat body book border both box boy break bring brother
brought brown build built burn business but buy by call came camp can cannot car care carry case cause
cell center central centre certain chance change chapter charge check chief child children choose church
city class clear close cloud cold color come common company complete condition contain control cook cool
copy corner cost could country course court cover cross crown cry cup current cut dark data date dawn day
dead deal dear death decide deep department did die difference different direct director do doctor does
dog done door doubt down draw drive drop dry during each ear early earth ease east easy eat education
eight either else end enemy energy engine enough enter even evening event ever every exact example eye
face fact faith fall family far farm fast father fear feel feet few field fight figure fill final find
fine finger fire first fish five flag floor flower fly follow food foot for force foreign form forward
found four free friend from front full game garden gave general get girl give glass go god gold gone good
got government grace grand gray great green grew ground group grow guard guide had hair half hall hand
happy hard has hat have he head hear heard heart heat heavy held help her here high hill him his hold
home hope horse hot hour house how hundred hunt ice idea if in inch inside interest into iron is island
it its job join joy judge jump just justice keep kept key kind king knew know lady lake land language
large last late laugh law lay lead learn least leave led left leg less let letter level lie life light
like line list listen little live long look lord lost lot love low made mail main make man many map march
mark market mass master material matter may me mean measure meat meet member men method middle might mile
milk mind mine minister minute miss mobile money month moon more morning most mother mountain mouth move
much music must my name nation natural nature near need never new news next nice night nine no noise none
north nose note nothing notice now number object ocean of off offer office often oil old on once one only
open or orange order other our out over own page pain paper part party pass past path pay peace people
perhaps person picture piece place plain plan plane plant play please point police polish poor port pose
position possible post power present president press price prison problem product program public pull
push put quarter queen question quick quiet rain raise ran reach read reading ready real reason record
red region report rest rice rich ride right ring rise river road rock room rose round rule run safe said
sail salt same sand sat save saw say school sea season seat second secret see seed seem seen self sell
send sense sent serve service set seven several shall shape she ship short should show side sign silver
simple since sing sister sit six size sky sleep slow small snow so social soft soil soldier some son song
soon sound south space speak special speech spring stand star start state station stay step still stone
stood stop store story street strong student study such summer sun sure surface system table take talk
tall teach teacher team tell ten term test than that the their them then there these they thing think
third this those though thought thousand three through time to today together told too took top total
touch toward town trade train training travel tree trouble true trust try turn two type under union unit
united until up us use usual valley very victory village voice vote wait walk wall want war warm was wash
watch water wave way we wear weather week well went were west what wheel when where which while white who
whole why wide wife wild will wind window wing winter wish with woman women wood word work world would
write year yellow yes yet you young your april august december february friday january july june
monday november october saturday september sunday thursday tuesday wednesday
"""
COMMON_WORDS = frozenset(_TEXT.split())
