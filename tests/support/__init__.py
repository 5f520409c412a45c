"""What tests share: guards that make silent trouble fail, the headless rig, spoken test sentences."""
