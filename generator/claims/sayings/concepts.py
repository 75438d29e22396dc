"""Concepts of qualitative statements, as sets of words."""

from __future__ import annotations

from generator.claims.lexicon import wordset
from generator.claims.wording import forms

PARAMETERS = wordset("parameter weight learnables")
LEARNED = forms("learn") | wordset("learnable trainable learnt train")
CONVOLUTIONS = wordset("conv convolve filter filters convnet cnn cnns")
FILTERS = wordset("filter filters detector detectors weight parameter")
CHANNELS = wordset("channel n_c c nc")
IMAGES = wordset("image input frame frames map fmap maps scan scans thumbnail thumbnails")
HEIGHTS = wordset(
    "height width heights widths spatial resolution n_h n_w h w nh nw n_hn_w n_h,n_w h,w h×w "
    "hxw h\\timesw n_h\\timesn_w"
)
SIZES = HEIGHTS | wordset("size sizes dimension dimensions shape side sides area dims")
PLACES = wordset(
    "position positions location locations place places spot spots region regions patch patches "
    "everywhere part parts pixel pixels elsewhere"
)
EACH = wordset("each every any all")
ALL = wordset("all every each whole entire full complete")
FEW = wordset(
    "few small handful tiny patch local subset limited window part neighbourhood neighborhood "
    "neighbouring neighboring nearby region section portion excerpt"
)
OUTPUTS = wordset("output outputs unit activation activations value neuron result entry element")

STAYING = wordset(
    "same constant fixed unchanged unaffected identical alone untouched equal intact unaltered alike "
    "agrees agree"
) | forms("stay remain keep preserve maintain retain match conserve")
CHANGING = forms("change alter affect modify touch adjust vary differ influence") | wordset(
    "different"
)
FALLING = (
    forms("decline decrease shrink fall drop reduce halve diminish lower cut squeeze narrow dwindle lose "
          "contract compress lessen shorten sink downsample")
    | wordset("shrank shrunk fell fallen smaller down half fewer less ↓ tighter coarser lower narrower "
              "shallower thinner downsample")
)  # fmt: skip
RISING = (
    forms("increase rise grow double triple quadruple climb widen expand enlarge swell soar multiply gain")
    | wordset("grew grown rose risen more larger bigger ↑ higher up wider taller twice numerous "
              "additional extra greater deeper thicker")
)  # fmt: skip
ADDING = forms("add sum") | wordset("plus addition sum summation sums added")
CONCATENATING = forms("concatenate concat") | wordset(
    "concatenation concats concatenations concatenated concatenates"
)
MULTIPLYING = forms("multiply") | wordset("product multiplication")
AVERAGING = forms("average") | wordset("mean")
SUBTRACTING = forms("subtract") | wordset("difference subtraction")
ACTIVATIONS = wordset(
    "relu relu6 relus activation activations nonlinearity non-linearity nonlinear nonlinearities "
    "non-linearities non-linear"
)
EVALUATION = forms("test infer evaluate deploy predict") | wordset(
    "inference evaluation eval validation deployment prediction predictions production test-time "
    "afterwards later"
)
TRAINING = wordset("training train trains trained")
OFF = (
    forms("drop discard remove throw ignore cut omit skip disable delete strip detach prune unplug")
    | wordset("thrown away off unused gone disappear inactive disabled left nothing identity "
              "vanish go removed")
)  # fmt: skip
ON = forms("use include count stay keep vote contribute average need add compute run evaluate require participate "
           "switch apply zero") | wordset("active used too also still on needed involved both well even "
           "kept give feed part")  # fmt: skip
COSTS = wordset(
    "cost costs computation computations computational operation compute mult mac flop expense "
    "expensive work arithmetic effort cheap cheaper"
)
SAVING = forms(
    "minimise minimize reduce cut lower save shrink decrease curb trim spare slash"
) | wordset("cheaper fewer less cheap savings cuts")
DEARER = wordset("expensive more higher costlier pricier dearer") | forms(
    "increase raise grow double"
)
