"""How an area's figures stand against time: earlier periods, expectation, campaigns."""
