# Rules (decision tables): why these materials, whether there is a fee, whether the matter applies.
reasons-title = Why it is so
reasons-lead = These are the rule tables that are used. The ticked rows are your case: materials, fees and whether the matter applies follow from them.
reasons-row = Row
reasons-state = State
reasons-used = ✓ used
reasons-fired = Holds
reasons-open = Depends on your answers
reasons-not = Does not hold
reasons-result = Result
reasons-remark = Remark
reasons-empty = This table has no rules.
reasons-applies = Whether it applies: { $name }
reasons-materials = Materials needed: { $name }
reasons-fees = Fees: { $name }
reasons-acceptance = Acceptance by the platform: { $name }
reasons-routing = Way of the process: { $name }
reasons-not-applicable = By your answers this matter does not apply.
