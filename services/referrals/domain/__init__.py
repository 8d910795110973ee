"""What a referral is and who may do what with it (REF-01 to REF-04, REF-07); no framework but `shared.domain`."""
